package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.switchboard.LogLines;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Message;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is thrown while attempts begin or end: each message gets an outcome, and those behind are sent. */
class LaneFaultsTest {

    private static final int FAULTY = 40;
    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(
                    Map.of(
                            "switchboard.vendors.kakao.accounts.crm.channel", "@shop",
                            "switchboard.lane.concurrency", "4"),
                    "test",
                    100))
            .build();

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable RuntimeException ofListener;
    private Store store;

    @BeforeEach
    void open() {
        store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "");
    }

    @AfterEach
    void close() {
        camel.stop();
        store.close();
    }

    /** Starts a lane whose route is one step, for messages with the text "bad"; others are delivered. */
    private void start(Processor step) throws Exception {
        var vendors = new Vendors(Vendor.readAll(RouteFolder.read(Optional.empty())), CONFIG, Map.of());
        var lanes = new LaneComponent(store, vendors, CONFIG, List.of(new Listener()));
        camel.getRegistry().bind("lane", lanes);
        camel.getRegistry().bind("outbox", new OutboxComponent(store.outbox()));
        camel.getRegistry().bind("dead-letters", new OutboxComponent(store.outbox()));
        camel.getRegistry().bind("finalOnly", new FinalOnly());
        camel.getRegistry().bind("lateFailures", new LateFailures(store, vendors, lanes));
        RouteBuilder.addRoutes(camel, routes -> {
            routes.from("direct:kakao-start").process(exchange -> {});
            routes.from("dead-letters:unmapped").process(exchange -> {});
        });
        RouteBuilder.addRoutes(
                camel,
                routes -> routes.from("lane:kakao/crm").process(exchange -> {
                    calls.incrementAndGet();
                    if (exchange.getMessage()
                            .getBody(JsonNode.class)
                            .path("text")
                            .asText()
                            .equals("bad")) {
                        step.process(exchange);
                    } else {
                        exchange.getMessage().setBody(null);
                    }
                }));
        camel.start();
        lanes.open();
    }

    private final class Listener implements AttemptListener {
        @Override
        public void firstBegins(String lane, long waited) {
            fail();
        }

        @Override
        public void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {
            fail();
        }

        private void fail() {
            if (ofListener != null) {
                throw ofListener;
            }
        }
    }

    private void submit(String id, String text) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("vendor", "kakao")
                .put("account", "crm")
                .put("operation", "start")
                .put("text", text);
        var source = Incoming.Source.of("rest", null);
        store.messages()
                .accept(List.of(new Incoming(new Message(json), "bizmessage", Long.MAX_VALUE, source)))
                .join();
    }

    private String state(String id) {
        return store.messages()
                .find(id)
                .map(view -> view.path("state").asText())
                .orElse("none");
    }

    /** Forty bad ones, with four slots: each ends in a state, and the good one behind them is delivered. */
    private void assertLaneGoesOn(String expected) {
        IntStream.range(0, FAULTY).forEach(i -> submit("bad-" + i, "bad"));
        submit("good", "good");
        await().atMost(Duration.ofSeconds(20)).until(() -> state("good").equals("delivered"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(IntStream.range(0, FAULTY).mapToObj(i -> state("bad-" + i)))
                        .containsOnly(expected));
        assertThat(calls.get()).isGreaterThanOrEqualTo(FAULTY + 1);
    }

    @Test
    void aStepThatThrowsAnError() throws Exception {
        start(exchange -> {
            throw new NoClassDefFoundError("of a broken overlay");
        });
        assertLaneGoesOn("dead");
    }

    /** The packaged routes keep Camel from logging it too, and their error handlers choose where it goes. */
    @Test
    void aFaultInARouteIsOneLineOfTheLog() throws Exception {
        for (String file : List.of("dispatch/failures.camel.yaml", "dispatch/lane.camel.yaml")) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromBytes(
                            file, RouteFolder.read(Optional.empty()).bytes(file)));
        }
        try (var log = new LogLines()) {
            start(exchange -> {
                throw new RuntimeCamelException(new IllegalStateException("a mistake\nin a route"));
            });
            submit("bad", "bad");
            await().atMost(Duration.ofSeconds(10)).until(() -> state("bad").equals("dead"));
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("kakao/crm: the route of start failed in ", "IllegalStateException: a mistake<U+000A>in");
        }
    }

    /** Only an error handler may choose: a step of the vendor's route that would is a fault of that route. */
    @Test
    void aStepThatNamesADeadLetterRouteOfItsOwn() throws Exception {
        start(exchange -> exchange.getContext().createProducerTemplate().send("dead-letters:our-own", exchange));
        assertLaneGoesOn("dead");
        assertThat(store.messages()
                        .find("bad-0")
                        .orElseThrow()
                        .at("/failure/meaning")
                        .asText())
                .contains("only an error handler chooses");
    }

    @Test
    void aResultThatCannotBeWritten() throws Exception {
        start(exchange -> exchange.getMessage().setBody(new POJONode(new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        })));
        assertLaneGoesOn("delivered");
    }

    @Test
    void aListenerThatFails() throws Exception {
        ofListener = new IllegalStateException("of a listener");
        start(exchange -> exchange.getMessage().setBody(null));
        assertLaneGoesOn("delivered");
    }

    @Test
    void aCompletionThatFailsBeforeOurs() throws Exception {
        start(exchange -> exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                throw new IllegalStateException("of a completion");
            }

            @Override
            public void onFailure(Exchange done) {
                throw new IllegalStateException("of a completion");
            }
        }));
        assertLaneGoesOn("delivered");
    }

    /** Camel rejects what it is told to run while it is being stopped: that is no answer of the vendor. */
    @Test
    void whatCamelRejectsIsTriedAgain() throws Exception {
        start(exchange -> {
            if (calls.get() <= FAULTY) {
                throw new RejectedExecutionException("Run not allowed");
            }
            exchange.getMessage().setBody(null);
        });
        submit("bad-0", "bad");
        await().atMost(Duration.ofSeconds(10)).until(() -> state("bad-0").equals("waiting"));
    }

    @Test
    void anOperationThatTheVendorNoLongerHas() throws Exception {
        start(exchange -> exchange.getMessage().setBody(null));
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", "old")
                .put("vendor", "kakao")
                .put("account", "crm")
                .put("operation", "was-removed");
        store.messages()
                .accept(List.of(new Incoming(
                        new Message(json), "bizmessage", Long.MAX_VALUE, Incoming.Source.of("rest", null))))
                .join();
        await().atMost(Duration.ofSeconds(10)).until(() -> state("old").equals("dead"));
    }
}
