package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./switchboard check} as people call it. */
class CheckIT {

    private static final String SANDBOX = "-Dswitchboard.sandbox.enabled=true";

    @TempDir
    Path folder;

    @BeforeEach
    void built() throws IOException {
        Shell.built();
    }

    private Shell.Run check(Map<String, String> environment, String... arguments) throws Exception {
        return new Shell(folder).run(environment, "check", arguments);
    }

    private Shell.Run check(String... arguments) throws Exception {
        return check(Map.of(), arguments);
    }

    private static String sample(String name) {
        return Path.of("samples/files", name).toAbsolutePath().toString();
    }

    @Test
    void theSamplesHaveOneFaultyRecord() throws Exception {
        Shell.Run csv = check(SANDBOX, sample("messages.csv"));
        assertThat(csv.status()).as(csv.toString()).isZero();
        assertThat(csv.output()).contains("7 records: 7 messages", "kakao      default  start              1");
        assertThat(csv.errors()).isEmpty();
        Shell.Run both = check(SANDBOX, sample("messages.csv"), sample("messages.jsonl"));
        assertThat(both.status()).isEqualTo(1);
        assertThat(both.output())
                .contains(
                        sample("messages.jsonl") + ":11:70 customerID unknown is not a field of this operation\n",
                        sample("messages.jsonl") + ":11:1 customerId required is missing\n",
                        "18 records: 17 messages, 0 duplicate, 1 invalid");
    }

    @Test
    void programsGetOneObjectAndNothingIsWritten() throws Exception {
        Path file = Files.copy(Path.of(sample("messages.jsonl")), folder.resolve("a.jsonl"));
        Shell.Run run = check("--json", SANDBOX, sample("messages.csv"), "a.jsonl");
        JsonNode json = RestClient.JSON.readTree(run.output());
        assertThat(run.status()).isEqualTo(1);
        assertThat(json.path("status").asInt()).isEqualTo(1);
        assertThat(json.at("/files/0/sent/0").toString())
                .isEqualTo("{\"vendor\":\"happytalk\",\"account\":\"default\",\"operation\":\"end\",\"messages\":1}");
        assertThat(json.at("/files/1/faults/first/0/line").asInt()).isEqualTo(11);
        try (Stream<Path> found = Files.list(folder)) {
            assertThat(found.filter(each -> !each.getFileName().toString().startsWith("errors")))
                    .containsExactly(file);
        }
    }

    @Test
    void settingsComeFromWhereTheStartTakesThem() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("files/inbox/nightly"));
        Path file = Files.writeString(inbox.resolve("a b.csv"), "방\n1\n");
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config/application.properties"),
                "switchboard.sandbox.enabled=true\nswitchboard.files.profiles.nightly.columns.방=conversationId\n");
        Files.writeString(
                folder.resolve("more.properties"), "switchboard.files.profiles.nightly.defaults.vendor=thulium\n");
        String operation = "-Dswitchboard.files.profiles.nightly.defaults.operation=end";
        Shell.Run run = check("--config", "more.properties", operation, "files/inbox/nightly/a b.csv");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.output()).contains("profile nightly", "thulium  default  end");
        assertThat(check(
                                Map.of("SWITCHBOARD_SANDBOX_ENABLED", "false"),
                                "--config=more.properties",
                                operation,
                                file.toString())
                        .output())
                .contains("account configured is not configured for Thulium");
    }

    @Test
    void whatCannotBeCheckedHasStatusTwoAndASentence() throws Exception {
        Files.createDirectories(folder.resolve("x.csv"));
        assertThat(check(SANDBOX, "x.csv"))
                .isEqualTo(new Shell.Run(2, "", "switchboard: x.csv is a folder, not a file\n"));
        assertThat(check("--config", "nowhere", "a.csv"))
                .isEqualTo(new Shell.Run(2, "", "switchboard: --config: there is no file nowhere\n"));
    }

    @Test
    void anUnreadableFileIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "vendor\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("a superuser can read it anyway").isFalse();
        assertThat(check(SANDBOX, "a.csv"))
                .isEqualTo(new Shell.Run(2, "", "switchboard: a.csv cannot be read: the permission is missing\n"));
    }
}
