package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archive from which {@code ./switchboard start} takes its classes, with the JDKs that are here. */
@Tag("soak")
class ArchiveIT {

    @Test
    void theFirstStartMakesItAndOneThatIsOfNoUseIsPassedOverInSilence() throws Exception {
        Path home = install(RunningBus.newFolder("archive-it"));
        Path folder = Files.createDirectories(home.resolve("current"));
        try (RunningBus bus = RunningBus.launchHere(folder, home.resolve("switchboard"))) {
            bus.awaitStart();
            await("the archive")
                    .atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !archives(home).isEmpty());
        }
        Path archive = archives(home).get(0);
        assertThat(archive).isNotEmptyFile();
        assertThat(sources(home, folder)).anyMatch(line -> line.contains("dev.switchboard.BusSettings source: shared"));
        byte[] good = Files.readAllBytes(archive);
        for (byte[] useless : List.of("nonsense".getBytes(StandardCharsets.UTF_8), halfOf(good), ofAnotherJvm(good))) {
            Files.delete(archive);
            Files.write(archive, useless);
            Shell.Run run = run(home, folder, Map.of());
            assertThat(run.status()).isZero();
            assertThat(run.output()).contains("quarkus.http.host = 127.0.0.1");
            assertThat(run.errors()).isEmpty();
        }
    }

    private static byte[] halfOf(byte[] archive) {
        return Arrays.copyOf(archive, archive.length / 2);
    }

    /** Its header says from which JVM it is, and of which form it is. */
    private static byte[] ofAnotherJvm(byte[] archive) {
        byte[] other = archive.clone();
        for (int i = 8; i < 400; i++) {
            other[i] ^= 1;
        }
        return other;
    }

    private static Path install(Path home) throws IOException {
        for (String part : List.of("switchboard", "pom.xml", "target/quarkus-app")) {
            Path from = Path.of(part);
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = home.resolve(file);
                    Files.createDirectories(to.resolveSibling(""));
                    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        for (Path archive : archives(home)) {
            Files.delete(archive);
        }
        return home;
    }

    private static List<Path> archives(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("target/quarkus-app"))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    /** Returns where each class came from. */
    private static List<String> sources(Path home, Path folder) throws Exception {
        Path log = folder.resolve("classes.log");
        run(home, folder, Map.of("JAVA_OPTS", "-Xlog:class+load:file=" + log));
        return Files.readAllLines(log);
    }

    private static Shell.Run run(Path home, Path folder, Map<String, String> environment) throws Exception {
        return new Shell(folder).of(home.resolve("switchboard")).run(environment, "config");
    }
}
