package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each known hole that is closed by us has a test, and is told; SupplyChainIT compares the list with what is packaged. */
final class KnownHolesTest {

    @Test
    void aHoleThatIsClosedByUsIsNamedWithItsTest() throws IOException {
        String told = Files.readString(Path.of("SECURITY.md"));
        assertThat(KnownHoles.read().holes())
                .filteredOn(hole -> hole.closed() != null)
                .isNotEmpty()
                .allSatisfy(hole -> {
                    assertThat(told).contains(hole.id(), "`" + hole.test() + "`");
                    assertThat(text("src/test/java", hole.test() + ".java"))
                            .as(hole.id())
                            .isNotEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "4.17.0, 4.15.0, 4.18.2, true",
        "4.18.2, 4.15.0, 4.18.2, false",
        "4.14.9, 4.15.0, 4.18.2, false",
        "4.1.137.Final, 4.1.0, 4.1.138, true",
        "4.1.140.Final, 4.1.0, 4.1.140, false",
        "3.31.2, 3.0.0, 3.33.3.3, true",
        "3.33.3.3, 3.0.0, 3.33.3.3, false",
        "2.55.0, 2.50.0, 2.57.0, true"
    })
    void aVersionIsAffectedFromTheFirstToTheFix(String version, String from, String fixed, boolean affected) {
        assertThat(new KnownHoles.Hole("id", "package", from, fixed, null, null).affects(version))
                .isEqualTo(affected);
    }

    @Test
    void noPackagedRouteFetchesFilesOrHasSagas() throws IOException {
        assertThat(text("routes", ".camel.yaml")).isNotEmpty().doesNotContainPattern("(?i)ftps?:|saga");
    }

    @Test
    void jsonIsReadWithoutWhatHasHoles() throws IOException {
        var read = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                if (text.contains("com.fasterxml.jackson")) {
                    read.add(text);
                }
            }
        }
        assertThat(read)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(
                                "JsonView",
                                "JsonUnwrapped",
                                "JsonTypeInfo",
                                "DefaultTyping",
                                "PropertyNamingStrateg",
                                "CASE_INSENSITIVE")
                        .doesNotContainPattern("InetAddress \\w+[,);]"));
    }

    private static String text(String folder, String ending) throws IOException {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(ending)).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
