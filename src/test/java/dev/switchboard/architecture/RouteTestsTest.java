package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Scenario;
import dev.switchboard.vendor.Vendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A shared {@code routes/<folder>/<name>.camel.yaml} is tested by {@code dev.switchboard.routes.<folder>.<Name>RouteTest}; a vendor's by
 * its contract scenarios, so that a vendor is added without Java.
 */
class RouteTestsTest {

    private static final RouteFolder ROUTES = RouteFolder.read(Optional.empty());

    static List<String> shared() {
        return ROUTES.names("(?!vendors/).+\\.camel\\.yaml");
    }

    static Collection<Vendor> vendors() {
        return Vendor.readAll(ROUTES);
    }

    @ParameterizedTest
    @MethodSource("shared")
    void aSharedRouteFileHasItsTest(String file) throws Exception {
        Path plain = Path.of("src/test/java/dev/switchboard/routes", testOf(file));
        Path inBus = Path.of(plain.toString().replace("RouteTest", "RouteBusTest"));
        Path test = Files.exists(inBus) ? inBus : plain;
        assertThat(test).isRegularFile();
        assertThat(Files.readString(test)).containsPattern("extends (Api)?RouteTest|@QuarkusTest");
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void eachOperationOfAVendorIsPlayedInAScenario(Vendor vendor) {
        assertThat(Scenario.readAll(ROUTES))
                .filteredOn(scenario -> scenario.vendor().equals(vendor.name()))
                .extracting(Scenario::operation)
                .containsAll(vendor.operations().entrySet().stream()
                        .filter(operation -> !operation.getValue().inbound())
                        .map(Map.Entry::getKey)
                        .toList());
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
