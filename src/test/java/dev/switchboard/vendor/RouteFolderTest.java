package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFolderTest {

    @TempDir
    Path folder;

    private RouteFolder overlaid(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return RouteFolder.read(Optional.of(folder));
    }

    @Test
    void thePackagedRoutesAreThere() {
        RouteFolder packaged = RouteFolder.read(Optional.empty());
        assertThat(packaged.names("dispatch/.+")).contains("dispatch/lane.camel.yaml");
        assertThat(packaged.overlaid()).isEmpty();
    }

    @Test
    void aFileOfTheSamePathReplacesThePackagedOne() throws IOException {
        RouteFolder routes = overlaid("dispatch/lane.camel.yaml", "mine");
        assertThat(routes.text("dispatch/lane.camel.yaml")).isEqualTo("mine");
        assertThat(routes.overlaid()).containsOnlyKeys("dispatch/lane.camel.yaml");
        assertThat(routes.names("dispatch/.+")).contains("dispatch/failures.camel.yaml");
    }

    @Test
    void aFileOfAnotherPathIsAdded() throws IOException {
        RouteFolder routes = overlaid("team/mail.camel.yaml", "mine");
        assertThat(routes.names(".+\\.camel\\.yaml")).contains("team/mail.camel.yaml", "dispatch/lane.camel.yaml");
    }

    @Test
    void anOperationIsAddedToAVendorWithoutACopy() throws IOException {
        RouteFolder routes = overlaid("vendors/thulium/vendor.add.yaml", """
                settings:
                  language: { default: pl }
                operations:
                  rename:
                    api: rest
                    message: { required: [conversationId], properties: { conversationId: { type: string } } }
                """);
        Vendor vendor = Vendor.read(routes, "thulium");
        assertThat(vendor.operations()).containsKeys("rename", "start", "send", "end");
        assertThat(vendor.settings()).hasEntrySatisfying("language", language -> {
            assertThat(language.values()).containsExactly("en", "pl");
            assertThat(language.fallback()).hasToString("\"pl\"");
        });
        assertThat(vendor.sandbox().path("operations").has("start")).isTrue();
    }

    @Test
    void aFailCodeIsAddedOrReplacedByOneForTheSame() throws IOException {
        String file = "vendors/thulium/rest.fail-codes.yaml";
        RouteFolder routes = overlaid("vendors/thulium/rest.fail-codes.add.yaml", """
                codes:
                  - { code: "418", class: refused, disposition: dead-letter, meaning: New. }
                  - { code: "404", class: refused, disposition: dead-letter, meaning: Changed. }
                """);
        JsonNode codes = Vendor.yaml().readTree(routes.bytes(file)).path("codes");
        JsonNode before = Vendor.yaml()
                .readTree(RouteFolder.read(Optional.empty()).bytes(file))
                .path("codes");
        assertThat(codes).hasSize(before.size() + 1);
        assertThat(codes.findValuesAsText("meaning")).contains("New.", "Changed.");
        assertThat(codes)
                .filteredOn(row -> row.path("code").asText().equals("404"))
                .singleElement()
                .satisfies(row -> assertThat(row.path("meaning").asText()).isEqualTo("Changed."));
        assertThat(codes)
                .filteredOn(row -> row.path("code").asText().equals("401"))
                .hasSize(2);
    }

    @Test
    void stepsAreAddedBeforeAndAfterThoseOfARouteAndOfATemplate() throws IOException {
        RouteFolder routes = overlaid("mine.steps.yaml", """
                - before: thulium-rest
                  steps: [{ log: { message: one } }, { log: { message: two } }]
                - after: thulium-end
                  steps: [{ log: { message: last } }]
                """);
        JsonNode file = Vendor.yaml().readTree(routes.bytes("vendors/thulium/rest.camel.yaml"));
        JsonNode template = file.findValue("routeTemplate").at("/from/steps");
        assertThat(template.at("/0/log/message").asText()).isEqualTo("one");
        assertThat(template.at("/1/log/message").asText()).isEqualTo("two");
        assertThat(template.at("/2").has("setHeader")).isTrue();
        for (JsonNode each : file) {
            if (each.at("/route/id").asText().equals("thulium-end")) {
                JsonNode steps = each.at("/route/from/steps");
                assertThat(steps.path(steps.size() - 1).at("/log/message").asText())
                        .isEqualTo("last");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vendors/none/vendor.add.yaml   | title: x | adds to routes/vendors/none/vendor.yaml, which does not exist",
                "dispatch/lane.camel.add.yaml   | []       | add a file of routes, or of steps",
                "a.steps.yaml                   | [{before: no-such-route, steps: []}] | no route template no-such-route",
                "a.steps.yaml                   | [{steps: []}] | each entry has before or after",
            })
    void anAdditionToNothingIsNamedByItsOwnPath(String name, String text, String why) {
        assertThatThrownBy(() -> overlaid(name, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve(name).toString())
                .hasMessageContaining(why);
    }

    @Test
    void aFileIsNamedWhereItReallyIs() throws IOException {
        RouteFolder routes = overlaid("vendors/acme/vendor.yaml", "title: [");
        assertThatThrownBy(() -> Vendor.readAll(routes))
                .hasMessageStartingWith(
                        folder.resolve("vendors/acme/vendor.yaml").toString());
        assertThat(routes.where("openapi.yaml")).isEqualTo("routes/openapi.yaml");
    }

    @Test
    void aFolderThatIsNoneIsNamedWithItsSetting() {
        assertThatThrownBy(() -> RouteFolder.read(Optional.of(folder.resolve("none"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("switchboard.routes.dir: ");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> RouteFolder.read(Optional.empty()).bytes("none.yaml"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("routes/none.yaml is missing");
    }
}
