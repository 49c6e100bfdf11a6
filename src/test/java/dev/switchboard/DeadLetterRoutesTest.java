package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start checks of error handlers and dead-letter routes, in the packaged routes with a folder laid over them. */
class DeadLetterRoutesTest {

    @TempDir
    Path overlay;

    private List<String> faults() throws Exception {
        RouteFolder folder = RouteFolder.read(Optional.of(overlay));
        var vendors = new Vendors(Vendor.readAll(folder), new SmallRyeConfigBuilder().build(), Map.of());
        try (var camel = new DefaultCamelContext()) {
            camel.addRoutes(new BusRoutes(folder, vendors));
            return DeadLetterRoutes.faults(camel, vendors);
        }
    }

    @Test
    void thePackagedRoutesHaveNone() throws Exception {
        assertThat(faults()).isEmpty();
    }

    private void write(String file, String text) throws Exception {
        Path path = overlay.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String packaged(String file) {
        return RouteFolder.read(Optional.empty()).text(file);
    }

    private static String rule(String when, String target) {
        return """
                - routeConfiguration:
                    onException:
                      - onException:
                          exception: [dev.switchboard.delivery.DeliveryFailed]
                          onWhen: {expression: {simple: {expression: "%s"}}}
                          steps:
                            - to: {uri: "%s"}
                """.formatted(when, target);
    }

    private static String route(String name) {
        return """
                - route:
                    from:
                      uri: dead-letters:%s
                      steps:
                        - to: {uri: "log:own"}
                """.formatted(name);
    }

    @Test
    void theExampleIsARuleWithItsRoute() throws Exception {
        String commented = packaged("dispatch/failures.camel.yaml");
        String example = commented
                .substring(commented.indexOf("# - routeConfiguration"), commented.indexOf("\n- routeConfiguration"))
                .replaceAll("(?m)^# ?", "");
        write("dispatch/blocked.camel.yaml", example);
        assertThat(faults()).isEmpty();
    }

    @Test
    void theSampleOfAFallback() throws Exception {
        write("dispatch/fallback.camel.yaml", Files.readString(Path.of("samples/routes/fallback.camel.yaml")));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aRuleThatLeadsToNoRoute() throws Exception {
        write("dispatch/own.camel.yaml", rule("${exception.code} == 17", "dead-letters:our-own"));
        assertThat(faults()).singleElement().asString().contains("No route begins from: dead-letters:our-own.");
    }

    @Test
    void aRouteToWhichNoRuleLeads() throws Exception {
        write("dispatch/own.camel.yaml", route("our-own"));
        assertThat(faults())
                .singleElement()
                .asString()
                .contains("No error handler leads to the route from: dead-letters:our-own.");
    }

    @Test
    void aRuleWithItsRoute() throws Exception {
        write("dispatch/own.camel.yaml", rule("${exception.code} == 17", "dead-letters:our-own") + route("our-own"));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aRuleInAVendorsFile() throws Exception {
        String file = "vendors/thulium/rest.camel.yaml";
        write(file, """
                - onException:
                    exception: [dev.switchboard.delivery.DeliveryFailed]
                    steps:
                      - to: {uri: "dead-letters:thulium"}
                """ + packaged(file));
        assertThat(faults()).singleElement().asString().contains("No route begins from: dead-letters:thulium.");
        write("dispatch/own.camel.yaml", route("thulium"));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aNameThatIsKnownAtRunTimeOnly() throws Exception {
        write(
                "dispatch/own.camel.yaml",
                rule("true", "dead-letters:x")
                                .replace("- to:", "- toD:")
                                .replace(":x", ":of-${exchangeProperty.vendor}")
                        + route("of-thulium"));
        assertThat(faults()).isEmpty();
    }

    /** Removed, or led elsewhere: the start stops. */
    @Test
    void theDefaultRuleIsNeeded() throws Exception {
        String file = "dispatch/failures.camel.yaml";
        write(file, "- routeConfiguration:\n    id: none\n");
        assertThat(faults()).hasSize(9).allMatch(fault -> fault.startsWith("No error handler leads to"));
        write(file, packaged(file).replace("dead-letters:${exception.failureClass}", "dead-letters:gone"));
        assertThat(faults()).hasSize(8).allMatch(fault -> fault.startsWith("No error handler leads to"));
        write(file, packaged(file).replace("${exception.failureClass}", "${exception.failureClass}-x"));
        assertThat(faults()).hasSize(18);
    }

    @Test
    void rulesOfOnesOwnComeBeforeTheDefaultWhateverTheirFileIsCalled() throws Exception {
        write("dispatch/zz.camel.yaml", rule("${exception.code} == 17", "dead-letters:gone"));
        RouteFolder folder = RouteFolder.read(Optional.of(overlay));
        var vendors = new Vendors(Vendor.readAll(folder), new SmallRyeConfigBuilder().build(), Map.of());
        try (var camel = new DefaultCamelContext()) {
            camel.addRoutes(new BusRoutes(folder, vendors));
            List<String> rules = camel.getRouteConfigurationDefinitions().stream()
                    .flatMap(each -> each.getOnExceptions().stream())
                    .map(each -> String.valueOf(each.getOutputs()))
                    .toList();
            assertThat(rules).anyMatch(rule -> rule.contains("dead-letters:gone"));
            assertThat(rules.stream().filter(rule -> rule.contains("dead-letters:")))
                    .last()
                    .asString()
                    .contains("exception.failureClass");
        }
    }

    /** A team's own route takes the place of the packaged one of its class. */
    @Test
    void aRouteOfOnesOwnForAClass() throws Exception {
        write("dispatch/own.camel.yaml", route("gone"));
        assertThat(faults()).isEmpty();
    }

    @Test
    void everyClassNeedsItsRoute() throws Exception {
        write(
                "dispatch/dead-letters.camel.yaml",
                packaged("dispatch/dead-letters.camel.yaml")
                        .replace("dead-letters:{{class}}", "dead-letters:x-{{class}}"));
        assertThat(faults())
                .contains(
                        "No route begins from: dead-letters:gone. Add one, or correct the error handler that chooses it.");
    }

    @Test
    void withoutTheTemplateEachClassThatHasNoRouteIsNamed() throws Exception {
        write("dispatch/dead-letters.camel.yaml", route("gone"));
        assertThat(faults()).hasSize(8).allMatch(fault -> fault.startsWith("No route begins from: dead-letters:"));
    }
}
