package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code routes/<folder>/<name>.camel.yaml} is tested by {@code dev.switchboard.routes.<folder>.<Name>RouteTest}. */
class RouteTestsTest {

    static List<String> files() {
        return RouteFolder.read(Optional.empty()).names(".+\\.camel\\.yaml");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRouteFileHasItsTest(String file) throws Exception {
        Path test = Path.of("src/test/java/dev/switchboard/routes", testOf(file));
        assertThat(test).isRegularFile();
        assertThat(Files.readString(test)).contains("extends RouteTest", "@QuarkusTest");
    }

    private static String testOf(String file) {
        int slash = file.lastIndexOf('/') + 1;
        var name = new StringBuilder();
        for (String word :
                file.substring(slash, file.length() - ".camel.yaml".length()).split("-", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return file.substring(0, slash) + name + "RouteTest.java";
    }
}
