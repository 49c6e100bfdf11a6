package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.vendor.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/adding-a-vendor.md} says. */
class AddingAVendorIT {

    /** A file's name before its block, or a command's block. */
    private static final Pattern BLOCK = Pattern.compile(
            "(?:^`(?<file>[^`]+)`:\\n\\n)?^```(?<kind>yaml|sh)\\n(?<text>.*?)^```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final int port = Ports.free();
    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : running) {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private record Run(int status, String text) {}

    private Process begin(String command, Path log, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        return process;
    }

    private Run run(String command) throws Exception {
        Path log = Files.createTempFile(folder, "run", ".log");
        Process process = begin(command, log, Map.of("SWITCHBOARD_URL", "http://127.0.0.1:" + port));
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(command)
                .isTrue();
        return new Run(process.exitValue(), Files.readString(log));
    }

    /** Where this machine has something else on the usual ports, it does not matter. */
    private void start(String command) throws IOException {
        Path log = folder.resolve("bus.log");
        var ports = Map.of(
                "QUARKUS_HTTP_PORT",
                String.valueOf(port),
                "QUARKUS_MANAGEMENT_PORT",
                String.valueOf(Ports.free()),
                "SWITCHBOARD_BROKER_PORT",
                String.valueOf(Ports.free()));
        Process bus = begin("exec " + command, log, ports);
        await().atMost(LIMIT)
                .until(() -> !bus.isAlive() || Files.readString(log).contains("Listening on"));
        assertThat(bus.isAlive()).as(Files.readString(log)).isTrue();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/adding-a-vendor.md"));
    }

    private void write(Matcher block) throws IOException {
        assertThat(block.group("file"))
                .as("the name of the file before:%n%s", block.group("text"))
                .isNotNull();
        Path file = folder.resolve(block.group("file"));
        Files.createDirectories(file.getParent());
        Files.writeString(file, block.group("text"));
    }

    @Test
    void theScenariosOfThePagePassWithItsFiles() throws Exception {
        var blocks = BLOCK.matcher(page());
        while (blocks.find()) {
            if (blocks.group("kind").equals("yaml")) {
                write(blocks);
            }
        }
        assertThat(Contract.play("pigeon,heron", Optional.of(folder.resolve("my-routes"))))
                .isTrue();
    }

    @Test
    @Tag("soak")
    void whoFollowsThePageBlockByBlockHasAVendor() throws Exception {
        Path project = Path.of("").toAbsolutePath();
        Files.createSymbolicLink(folder.resolve("switchboard"), project.resolve("switchboard"));
        List<Run> runs = new ArrayList<>();
        int files = 0;
        var blocks = BLOCK.matcher(page());
        while (blocks.find()) {
            String text = blocks.group("text");
            if (blocks.group("kind").equals("yaml")) {
                write(blocks);
                files++;
            } else if (text.startsWith("./switchboard start")) {
                start(text);
            } else {
                runs.add(run(text));
            }
        }
        assertThat(files).isEqualTo(12);
        assertThat(runs)
                .hasSize(6)
                .allSatisfy(run -> assertThat(run.status()).as(run.text()).isZero());
        assertThat(runs.get(1).text()).contains("delivered").contains("loft-mina");
        assertThat(runs.get(2).text()).contains("delivered").contains("loft-mina");
        assertThat(runs.get(3).text()).contains("There is no such chat.").contains("E12");
        assertThat(runs.get(4).text()).contains("7 scenarios, 0 not as they should be");
        assertThat(runs.get(5).text()).contains("9 scenarios, 0 not as they should be");
    }
}
