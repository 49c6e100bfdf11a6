package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that do not end by themselves, over a real store. */
class AttemptsTest {

    private static final String LANE = "kakao/crm";
    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(
                    Map.of("switchboard.vendors.kakao.accounts.crm.channel", "@shop"), "test", 100))
            .build();

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Slots slots = new Slots(1);
    private Store store;

    @BeforeEach
    void open() {
        store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "");
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        store.close();
    }

    private Attempts attempts(Executor workers, Processor route) {
        Account account = new Vendors(Vendor.readAll(RouteFolder.read(Optional.empty())), CONFIG, Map.of())
                .lane(LANE)
                .orElseThrow();
        LaneSettings settings = LaneSettings.read(CONFIG, "kakao", "crm");
        var circuits = new Circuits(account, settings.circuit(), store);
        var admission = new Admission(slots, new Rate(0, System::nanoTime), circuits, any -> true);
        var laneRoute = new LaneRoute(account, () -> new DefaultExchange(camel));
        return new Attempts(
                account,
                settings,
                store,
                admission,
                laneRoute,
                new Gate(account, settings, laneRoute, route),
                new FailureHandlers(camel),
                AsyncProcessorConverterHelper.convert(route),
                workers,
                new Attempts.Listeners(LANE, List.of()),
                () -> {});
    }

    private Claimed claim() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", "m")
                .put("vendor", "kakao")
                .put("account", "crm")
                .put("operation", "start");
        store.messages()
                .accept(List.of(new Incoming(
                        new Message(json), "bizmessage", Long.MAX_VALUE, Incoming.Source.of("rest", null))))
                .join();
        var cut = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "", true);
        store.lanes().own(LANE, any -> true, cut, Set.of()).join();
        Claimed claimed = store.lanes()
                .claim(LANE, List.of(new Share("bizmessage", 1, null)))
                .join()
                .get(0);
        assertThat(slots.reserve(1)).isEqualTo(1);
        slots.settle(1, 1);
        return claimed;
    }

    private JsonNode view() {
        return store.messages().find("m").orElseThrow();
    }

    @Test
    void oneWhoseRequestHasNotLeftWaitsWhenItIsCut() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Attempts attempts = attempts(threads, exchange -> {
            inside.countDown();
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
        });
        attempts.begin(claim(), 0);
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(slots.awaitEnd(Duration.ZERO)).isFalse();
        attempts.cut();
        assertThat(slots.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(view().path("state").asText()).isEqualTo("waiting");
        assertThat(view().path("attempts")).hasSize(1);
        goOn.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        store.lanes().pause("kakao/another", null).join();
        assertThat(view().path("state").asText())
                .as("what ends later changes nothing")
                .isEqualTo("waiting");
    }

    @Test
    void oneThatFindsNoThreadIsTriedAgain() {
        Attempts attempts = attempts(
                task -> {
                    throw new RejectedExecutionException("no thread");
                },
                exchange -> {});
        attempts.begin(claim(), 0);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> view().path("state").asText().equals("waiting"));
        await().atMost(Duration.ofSeconds(10)).until(() -> attempts.inFlight().isEmpty());
        assertThat(slots.free()).isEqualTo(1);
    }
}
