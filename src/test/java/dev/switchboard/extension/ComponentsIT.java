package dev.switchboard.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.RunningBus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./switchboard components}, with the Maven of this machine. */
@Tag("soak")
class ComponentsIT {

    private record Run(int status, String output) {}

    private static Run components(Path lib, String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of("sh", Path.of("switchboard").toAbsolutePath().toString(), "components"));
        command.addAll(List.of(arguments));
        command.add("-Dswitchboard.lib.dir=" + lib);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("-\\d.*", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aComponentIsFetchedWithWhatItNeedsAndListed() throws Exception {
        Path lib = RunningBus.newFolder("components").resolve("lib");
        assertThat(components(lib).output())
                .containsPattern("timer +camel-timer\\n")
                .containsPattern("jacksonXml +camel-jacksonxml\\n")
                .containsPattern("jq +camel-jq\\n")
                .doesNotContainPattern("kafka +camel-kafka");
        Run added = components(lib, "add", "camel-kafka");
        assertThat(added.status()).as(added.output()).isZero();
        assertThat(names(lib))
                .contains("org.apache.camel.camel-kafka", "org.apache.kafka.kafka-clients")
                .doesNotContain("org.apache.camel.camel-support", "org.slf4j.slf4j-api");
        assertThat(components(lib).output()).containsPattern("kafka +camel-kafka \\(added\\)\\n");
        assertThat(components(lib, "add", "camel-kafka").output()).contains("added ");
        assertThat(names(lib)).doesNotHaveDuplicates();
    }

    @Test
    void whatDoesNotExistIsSaidInFewWords() throws Exception {
        Path lib = RunningBus.newFolder("components").resolve("lib");
        Run run = components(lib, "add", "camel-nonesuch");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output())
                .startsWith("switchboard: Maven could not fetch them:\n")
                .contains("camel-nonesuch")
                .hasLineCount(2);
        assertThat(components(lib, "add", "two words").output()).contains("neither a component");
        assertThat(components(lib, "remove").status()).isEqualTo(2);
    }
}
