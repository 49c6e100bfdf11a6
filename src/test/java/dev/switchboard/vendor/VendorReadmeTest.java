package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A vendor's README names each scenario file, and none that does not exist. */
class VendorReadmeTest {

    private static final RouteFolder ROUTES = RouteFolder.read(Optional.empty());
    private static final Pattern FILE = Pattern.compile("[a-z]+\\.[a-z-]+\\.yaml");

    static List<String> readmes() {
        return ROUTES.names("vendors/[^/]+/README\\.md");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readmes")
    void eachScenarioFileIsNamedAndIsThere(String readme) {
        String folder = readme.substring(0, readme.lastIndexOf('/')) + "/contract/";
        List<String> there = ROUTES.names(Pattern.quote(folder) + "[^/.]+\\.[^/]+\\.yaml").stream()
                .map(file -> file.substring(folder.length()))
                .toList();
        String text = ROUTES.text(readme);
        List<String> named =
                FILE.matcher(text).results().map(MatchResult::group).distinct().toList();

        assertThat(there.isEmpty()).isEqualTo(handsOn(readme));
        assertThat(there).allSatisfy(file -> assertThat(text).contains(file));
        assertThat(named)
                .allSatisfy(file ->
                        assertThat(ROUTES.names("(.*/)?" + Pattern.quote(file))).isNotEmpty());
    }

    /** What hands on the messages of others is played in {@code InboundIT}. */
    private static boolean handsOn(String readme) {
        return Vendor.readAll(ROUTES).stream()
                .filter(vendor -> readme.contains("/" + vendor.name() + "/"))
                .allMatch(vendor -> vendor.operations().values().stream().allMatch(Vendor.Operation::inbound));
    }
}
