package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the benchmark can run each program of {@code bench/}, and that its readers learn what it does not do. */
class PeersTest {

    static Stream<Path> peers() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("bench"))) {
            return folders.filter(Files::isDirectory).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("peers")
    void aPeerCanBeBuiltAndRun(Path peer) {
        assertThat(peer.resolve("build")).isExecutable();
        assertThat(peer.resolve("run")).isExecutable();
    }

    @ParameterizedTest
    @MethodSource("peers")
    void aPeerTellsItsSettingsAndWhatItDoesNotDo(Path peer) throws IOException {
        assertThat(Files.readAllLines(peer.resolve("README.md")))
                .contains("## What it does not do", "## Settings that matter")
                .anyMatch(line -> line.startsWith("- It "));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void aPeerIsInTheTableOfPeers(Path peer) throws IOException {
        assertThat(Files.readString(Path.of("docs/performance.md")))
                .contains("../bench/" + peer.getFileName() + "/README.md");
    }
}
