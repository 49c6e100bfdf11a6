package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Failures;
import dev.switchboard.intake.NoBroker;
import dev.switchboard.lane.FinalOnly;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LateFailures;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The error handlers choose the dead-letter route of a message, once, when its failure is final. The packaged routes of dispatch
 * run with a real store; the vendor's route and what its calls end with is the test's.
 */
class ErrorHandlersTest {

    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(
                    Map.of(
                            "switchboard.vendors.kakao.accounts.crm.channel", "@shop",
                            "switchboard.vendors.kakao.accounts.other.channel", "@other",
                            "switchboard.lane.retry", "1ms,1ms,1ms,1ms,1ms,1ms,1ms,1ms",
                            "switchboard.lane.timeout", "1s",
                            "switchboard.lane.concurrency", "2"),
                    "test",
                    100))
            .build();

    @TempDir
    Path folder;

    private final RouteFolder packaged = RouteFolder.read(Optional.empty());
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final List<Resource> own = new ArrayList<>();
    private String failures = packaged.text("dispatch/failures.camel.yaml");
    private String ofVendor = "";
    private @Nullable RuntimeException thrown;
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private @Nullable Store opened;

    @AfterEach
    void close() {
        camel.stop();
        if (opened != null) {
            opened.close();
        }
    }

    private Store store() {
        Store known = opened;
        if (known == null) {
            known = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "");
            opened = known;
        }
        return known;
    }

    /** Adds a rule that holds for every route, of a file that the packaged rules come after. */
    private void ruleFor(String exception, String when, String... steps) {
        var text = new StringBuilder("""
                - routeConfiguration:
                    onException:
                      - onException:
                          exception: [%s]
                          handled: {constant: {expression: "true"}}
                          onWhen: {expression: {simple: {expression: "%s"}}}
                          steps:
                """.formatted(exception, when));
        for (String step : steps) {
            text.append("            - to: {uri: \"").append(step).append("\"}\n");
        }
        own.add(ResourceHelper.fromString("own-" + own.size() + ".camel.yaml", text.toString()));
    }

    private void rule(String when, String... steps) {
        ruleFor("dev.switchboard.delivery.DeliveryFailed", when, steps);
    }

    /** Starts a lane whose vendor fails as the message's text says, {@code class disposition code}. */
    private void start(String... deadLetterRoutes) throws Exception {
        var vendors = new Vendors(Vendor.readAll(packaged), CONFIG, Map.of());
        var lanes = new LaneComponent(store(), vendors, CONFIG, List.of());
        var registry = camel.getRegistry();
        registry.bind("jms", new NoBroker());
        registry.bind("lane", lanes);
        registry.bind("outbox", new OutboxComponent(store().outbox()));
        registry.bind("dead-letters", new OutboxComponent(store().outbox()));
        registry.bind("messageCheck", new MessageCheck(packaged, vendors));
        registry.bind("vendor", (Processor) this::fail);
        registry.bind("finalOnly", new FinalOnly());
        registry.bind("lateFailures", new LateFailures(store(), vendors, lanes));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                for (FailureClass each : FailureClass.values()) {
                    arrives(this, each.toString());
                }
                for (String each : deadLetterRoutes) {
                    arrives(this, each);
                }
                from("direct:asked").process(exchange -> asked.incrementAndGet());
                from("direct:broken").process(exchange -> {
                    throw new IllegalStateException("a broken handler");
                });
                from("direct:slow").process(exchange -> Thread.sleep(60_000));
            }
        });
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                for (String file : List.of("lane", "dead-letters", "failures")) {
                    String name = "dispatch/" + file + ".camel.yaml";
                    own.add(ResourceHelper.fromString(name, file.equals("failures") ? failures : packaged.text(name)));
                }
                own.add(vendorFile());
                PluginHelper.getRoutesLoader(getContext()).loadRoutes(own);
                DeadLetterRoutes.prepare(this);
            }
        });
        TemplatedRouteBuilder.builder(camel, "lane")
                .parameter("vendor", "kakao")
                .parameter("account", "crm")
                .add();
        camel.start();
        lanes.open();
    }

    private void arrives(RouteBuilder routes, String name) {
        routes.from("dead-letters:" + name)
                .process(exchange ->
                        arrived.add(name + " " + exchange.getMessage().getBody(String.class)));
    }

    /** A vendor's route file; a test may add handlers to it. */
    private Resource vendorFile() {
        return ResourceHelper.fromString("kakao.camel.yaml", ofVendor + """
                - route:
                    from:
                      uri: direct:kakao-start
                      steps:
                        - process: {ref: vendor}
                """);
    }

    private void ofVendor(String exception, String step) {
        ofVendor = """
                - onException:
                    exception: [%s]
                    handled: {constant: {expression: "true"}}
                    steps:
                      - to: {uri: "%s"}
                """.formatted(exception, step);
    }

    private void fail(Exchange exchange) {
        attempts.incrementAndGet();
        if (thrown != null) {
            throw thrown;
        }
        String[] how = exchange.getMessage()
                .getBody(JsonNode.class)
                .path("text")
                .asText()
                .split(" ", -1);
        throw Failures.of(FailureClass.of(how[0]), Disposition.valueOf(how[1]), how.length > 2, null);
    }

    private void submit(String id, String text, long expires) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("vendor", "kakao")
                .put("account", "crm")
                .put("operation", "start")
                .put("text", text);
        store().messages()
                .accept(List.of(
                        new Incoming(new Message(json), "bizmessage", expires, Incoming.Source.of("rest", null))))
                .join();
    }

    private JsonNode dead(String text) {
        submit("m", text, Long.MAX_VALUE);
        return dead();
    }

    private JsonNode dead() {
        return await().atMost(Duration.ofSeconds(15))
                .until(
                        () -> store().messages().find("m").orElseThrow().path("failure"),
                        failure -> failure.has("deadLetter"));
    }

    private void assertArrivesOnceAt(String name) {
        await().atMost(Duration.ofSeconds(15)).until(() -> !arrived.isEmpty());
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(arrived)
                        .singleElement()
                        .asString()
                        .startsWith(name + " {")
                        .contains("\"deadLetter\":\"" + name + "\""));
    }

    @ParameterizedTest
    @EnumSource
    void byDefaultItIsTheRouteOfTheClass(FailureClass failureClass) throws Exception {
        start();
        logged(() -> assertThat(
                        dead(failureClass + " DEAD_LETTER").path("deadLetter").asText())
                .isEqualTo(failureClass.toString()));
        assertThat(log).isEmpty();
        assertArrivesOnceAt(failureClass.toString());
    }

    /** What is handled is the same to the bus without its value. */
    static IntStream linesOfTheDefaultRule() {
        List<String> lines = RouteFolder.read(Optional.empty())
                .text("dispatch/failures.camel.yaml")
                .lines()
                .toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).matches("#.*|\\s*(- )?description:.*|\\s*|\\s*expression: \"true\""));
    }

    /** Without one of its lines the file is refused, or the log says that no handler chose a route. */
    @ParameterizedTest
    @MethodSource("linesOfTheDefaultRule")
    @Tag("soak")
    void everyLineOfTheDefaultRuleIsNeeded(int line) {
        var lines = new ArrayList<>(failures.lines().toList());
        lines.remove(line);
        failures = String.join("\n", lines);
        assertThatThrownBy(() -> {
                    start();
                    logged(() -> dead("gone DEAD_LETTER"));
                    assertThat(log).isEmpty();
                })
                .as("line " + (line + 1))
                .isNotNull();
    }

    @Test
    void aRuleOfOnesOwnComesBeforeTheDefaultAndChangesNoClass() throws Exception {
        rule("${exception.failureClass} == 'gone' && ${exchangeProperty.account} == 'other'", "dead-letters:wrong");
        rule("${exception.failureClass} == 'gone' && ${exchangeProperty.account} == 'crm'", "dead-letters:ours");
        rule("${exception.failureClass} == 'gone'", "dead-letters:wrong");
        start("ours", "wrong");
        JsonNode failure = dead("gone DEAD_LETTER");
        assertThat(failure.path("deadLetter").asText()).isEqualTo("ours");
        assertThat(failure.path("class").asText()).isEqualTo("gone");
        assertArrivesOnceAt("ours");
    }

    @Test
    void theHandlersOfAVendorsFileComeBeforeTheShared() throws Exception {
        rule("${exception.failureClass} == 'gone'", "dead-letters:wrong");
        ofVendor("dev.switchboard.delivery.DeliveryFailed", "dead-letters:ours");
        start("ours", "wrong");
        assertThat(dead("gone DEAD_LETTER").path("deadLetter").asText()).isEqualTo("ours");
    }

    @Test
    void aHandlerIsAskedOnceForNineAttempts() throws Exception {
        ruleFor("java.lang.Throwable", "${exchangeProperty.vendor} == 'kakao'", "direct:asked", "dead-letters:ours");
        rule("${exchangeProperty.vendor} == 'kakao'", "direct:asked", "dead-letters:ours");
        ofVendor("java.lang.Throwable", "direct:asked");
        start("ours");
        assertThat(dead("unavailable RETRY").path("deadLetter").asText()).isEqualTo("ours");
        assertThat(attempts).hasValue(9);
        assertThat(asked).hasValue(1);
        assertArrivesOnceAt("ours");
    }

    @Test
    void whatExpiresPassesTheSameHandlers() throws Exception {
        rule(
                "${exception.failureClass} == 'expired' && ${exchangeProperty.operation} == 'start'",
                "direct:asked",
                "dead-letters:ours");
        start("ours");
        submit("m", "unavailable RETRY", System.currentTimeMillis() - 1);
        assertThat(dead().path("deadLetter").asText()).isEqualTo("ours");
        assertArrivesOnceAt("ours");
        assertThat(asked).hasValue(1);
        assertThat(attempts).hasValue(0);
    }

    @Test
    void whatACrashHasLeftPassesTheSameHandlers() throws Exception {
        rule(
                "${exception.failureClass} == 'uncertain' && ${exchangeProperty.vendor} == 'kakao'",
                "direct:asked",
                "dead-letters:ours");
        submit("m", "any", Long.MAX_VALUE);
        var cut = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "It was cut off.", true);
        store().lanes().own("kakao/crm", operation -> false, cut, Set.of()).join();
        store().lanes()
                .claim("kakao/crm", List.of(new Share("bizmessage", 1, null)))
                .join();
        store().close();
        opened = null;
        store().lanes().own("kakao/crm", operation -> false, cut, Set.of()).join();
        start("ours");
        assertThat(dead().path("deadLetter").asText()).isEqualTo("ours");
        assertArrivesOnceAt("ours");
        assertThat(asked).hasValue(1);
        assertThat(attempts).hasValue(0);
    }

    /** What they cannot do is said in one line, and its slot is free. */
    private void assertFallsBack(String text, String why) throws Exception {
        start("ours");
        logged(() -> {
            assertThat(dead(text).path("deadLetter").asText()).isEqualTo(text.split(" ", -1)[0]);
            IntStream.range(0, 6).forEach(i -> submit("other-" + i, "refused DEAD_LETTER", Long.MAX_VALUE));
            await().atMost(Duration.ofSeconds(15)).until(() -> arrived.size() == 7);
        });
        assertThat(log)
                .singleElement()
                .asString()
                .contains("kakao/crm: the error handlers chose no dead-letter route for m", why);
    }

    @Test
    void aHandlerThatThrows() throws Exception {
        rule("${exception.failureClass} == 'gone'", "dead-letters:ours", "direct:broken");
        assertFallsBack("gone DEAD_LETTER", "a broken handler");
    }

    @Test
    void aHandlerThatHangs() throws Exception {
        rule("${exception.failureClass} == 'gone'", "direct:slow", "dead-letters:ours");
        assertFallsBack("gone DEAD_LETTER", "took longer than PT1S");
    }

    @Test
    void aHandlerThatChoosesNothing() throws Exception {
        rule("${exception.failureClass} == 'gone'", "direct:asked");
        assertFallsBack("gone DEAD_LETTER", "no step to: dead-letters:<name>");
    }

    @Test
    void aHandlerThatLeadsToNoRoute() throws Exception {
        rule("${exception.failureClass} == 'gone'", "dead-letters:nowhere");
        assertFallsBack("gone DEAD_LETTER", "no route begins from: dead-letters:nowhere");
    }

    /** Adds a rule with a mapping, which sends a message that failed to another account. */
    private void fallback(String jq, String account) {
        String text = """
                - routeConfiguration:
                    onException:
                      - onException:
                          exception: [dev.switchboard.delivery.DeliveryFailed]
                          handled: {constant: {expression: "true"}}
                          onWhen: {expression: {simple: {expression: "${exception.failureClass} in 'gone,uncertain,unmapped,expired'"}}}
                          steps:
                            - transform: {expression: {jq: {expression: '%s'}}}
                            - to: {uri: "lane:kakao/%s"}
                            - to: {uri: "dead-letters:ours"}
                """.formatted(jq, account);
        own.add(ResourceHelper.fromString("fallback.camel.yaml", text));
    }

    private static final String MAPPING = "{operation: \"start\", extra: .text, labels: {code: .failure.class}}";

    @Test
    void aRuleSendsWhatFailedToAnotherAccountAsANewMessage() throws Exception {
        fallback(MAPPING, "other");
        start("ours");
        assertThat(dead("gone DEAD_LETTER").path("deadLetter").asText()).isEqualTo("ours");
        JsonNode original = store().messages().find("m").orElseThrow();
        JsonNode fallback =
                store().messages().find(original.path("fallback").asText()).orElseThrow();
        assertThat(fallback.path("fallbackOf").asText()).isEqualTo("m");
        assertThat(fallback.path("account").asText()).isEqualTo("other");
        assertThat(fallback.path("extra").asText()).isEqualTo("gone DEAD_LETTER");
        assertThat(fallback.at("/labels/code").asText()).isEqualTo("gone");
        assertThat(fallback.path("channel").asText()).as("its account's").isEqualTo("@other");
        assertThat(fallback.at("/source/intake").asText()).isEqualTo("fallback");
        assertArrivesOnceAt("ours");
        assertThat(arrived.get(0))
                .contains("\"fallback\":\"" + fallback.path("id").asText());
    }

    private void assertNoFallback(String id) {
        assertThat(store().messages().find(id).orElseThrow().has("fallback")).isFalse();
        assertThat(store().messages().search(new Filter(), Long.MAX_VALUE, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncertain PARK", "unmapped DEAD_LETTER", "gone DEAD_LETTER maybe"})
    void whatMayHaveBeenDoneHasNoFallback(String text) throws Exception {
        fallback(MAPPING, "other");
        start("ours");
        assertThat(dead(text).path("deadLetter").asText()).isEqualTo("ours");
        assertNoFallback("m");
    }

    @Test
    void noLaneIsItsOwnFallback() throws Exception {
        fallback(MAPPING, "crm");
        start("ours");
        assertThat(dead("gone DEAD_LETTER").path("deadLetter").asText()).isEqualTo("ours");
        assertNoFallback("m");
    }

    @Test
    void whatExpiresHasItsFallback() throws Exception {
        fallback(MAPPING, "other");
        start("ours");
        submit("m", "any", System.currentTimeMillis() - 1);
        assertThat(dead().path("deadLetter").asText()).isEqualTo("ours");
        assertThat(store().messages().find("m").orElseThrow().path("fallback").asText())
                .isNotEmpty();
    }

    @Test
    void aFallbackThatIsNoMessageIsSaidAndTheClassIsTheRoute() throws Exception {
        fallback("{operation: \"start\", bot: \"no\"}", "other");
        assertFallsBack("gone DEAD_LETTER", "bot");
        assertThat(store().messages().find("m").orElseThrow().has("fallback")).isFalse();
    }

    /** A rule for a wide class of exceptions is about messages that failed, not about a reply that cannot go out. */
    @Test
    void aRuleSwallowsNothingElse() throws Exception {
        ruleFor("java.lang.Exception", "${body} != null", "direct:asked");
        own.add(ResourceHelper.fromString("elsewhere.camel.yaml", """
                - route:
                    from:
                      uri: direct:elsewhere
                      steps:
                        - throwException: {exceptionType: java.io.FileNotFoundException, message: elsewhere}
                """));
        start();
        Exchange done = camel.createProducerTemplate()
                .send("direct:elsewhere", exchange -> exchange.getMessage().setBody("x"));
        assertThat(done.getException()).hasMessage("elsewhere");
        assertThat(asked).hasValue(0);
    }

    @Test
    void aRuleMayBeAboutTheCause() throws Exception {
        ruleFor("java.net.ConnectException", "${exchangeProperty.vendor} == 'kakao'", "dead-letters:ours");
        thrown = new IllegalStateException(new ConnectException("refused"));
        start("ours");
        assertThat(dead("gone DEAD_LETTER").path("deadLetter").asText()).isEqualTo("ours");
    }

    private void logged(org.assertj.core.api.ThrowableAssert.ThrowingCallable task) throws Exception {
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()
                        && entry.getLoggerName().matches(".*(switchboard|camel).*")
                        && !entry.getLoggerName().endsWith("FatalFallbackErrorHandler")) {
                    log.add(new org.jboss.logmanager.formatters.PatternFormatter("%s%e").format(entry));
                }
            }

            @Override
            public void flush() {
                // nothing waits
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        Logger.getLogger("").addHandler(handler);
        try {
            task.call();
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }
    }
}
