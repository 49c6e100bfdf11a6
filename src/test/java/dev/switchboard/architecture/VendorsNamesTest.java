package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything about a vendor is in its own folder and package, and nowhere else. */
class VendorsNamesTest {

    static List<String> vendors() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("routes/vendors"))) {
            List<String> names =
                    folders.map(folder -> folder.getFileName().toString()).toList();
            assertThat(names).isNotEmpty();
            return names;
        }
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void coreCodeNamesNoVendor(String vendor) throws IOException {
        assertThat(naming(vendor, "src/main", "src/main/java/dev/switchboard/vendor/" + vendor + "/"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void sharedRoutesNameNoVendor(String vendor) throws IOException {
        assertThat(naming(vendor, "routes", "routes/vendors/")).isEmpty();
    }

    private static List<String> naming(String vendor, String root, String own) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> !file.startsWith(own))
                    .filter(file -> names(file, vendor))
                    .toList();
        }
    }

    private static boolean names(String file, String vendor) {
        try {
            String text = file + "\n" + Files.readString(Path.of(file));
            return text.toLowerCase(Locale.ROOT).contains(vendor);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(file, e);
        }
    }
}
