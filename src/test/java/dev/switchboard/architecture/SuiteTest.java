package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No test is left out: those inside the bus are in the suite, and the suite is not excluded with them. */
class SuiteTest {

    private static final String INSIDE = "BusTest.java";

    private static List<String> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> contains(file, text))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).lines().anyMatch(line -> line.matches(text + "\\b.*"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aTestInsideTheBusHasTheNameThatTheSuiteLooksFor() throws IOException {
        assertThat(filesWith("@QuarkusTest")).hasSizeGreaterThan(8).allMatch(name -> name.endsWith(INSIDE));
    }

    @Test
    void theSuiteItselfIsRun() throws IOException {
        assertThat(filesWith("@Suite"))
                .singleElement()
                .satisfies(name -> assertThat(name).endsWith("Test.java").doesNotEndWith(INSIDE));
    }
}
