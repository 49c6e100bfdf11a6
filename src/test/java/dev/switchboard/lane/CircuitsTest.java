package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Failures;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.outbox.Outbox;
import dev.switchboard.queue.Claimed;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The circuits of a lane, over a real store. */
class CircuitsTest {

    private static final Circuit.Settings SETTINGS =
            new Circuit.Settings(14, 10, Duration.ZERO, Duration.ofSeconds(60));
    private final DeliveryFailed fault = Failures.of(FailureClass.UNAUTHORIZED, Disposition.STOP_CIRCUIT, false, null);
    private final DeliveryFailed outage = Failures.of(FailureClass.UNAVAILABLE, Disposition.RETRY, false, null);
    private static final int ROUNDS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Store store;
    private Circuits circuits;

    @BeforeEach
    void open() {
        store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "");
        circuits = new Circuits(account(), SETTINGS, store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Account account() {
        var vendor = new Vendor(
                "acme",
                "Acme",
                Map.of(),
                Map.of("chat", new Vendor.Api("url", List.of("id", "key"), false, null, null)),
                Map.of(),
                null,
                null,
                MissingNode.getInstance());
        return new Account(vendor, "one", new Settings(Map.of("key", "meaning"), Set.of("key")), Set.of("chat"));
    }

    private static Claimed claimed(int number) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("id", "m-" + number)
                .put("vendor", "acme")
                .put("account", "one")
                .put("operation", "send");
        return new Claimed(number, new Message(json), "chat", 1, 0, false, null, Long.MAX_VALUE, null);
    }

    private void attempt(int number, @Nullable DeliveryFailed failure) {
        Claimed claimed = claimed(number);
        circuits.shares(1, operation -> true);
        circuits.ended(claimed, circuits.claimed(claimed), failure);
    }

    /** Reads the events in the outbox, behind all that waits to be written. */
    private List<JsonNode> events() throws IOException {
        store.lanes().pause("acme/another", null).join();
        var events = new ArrayList<JsonNode>();
        for (Outbox.Entry entry : store.outbox().due("outbox:events", 1_000)) {
            events.add(JSON.readTree(entry.body()));
        }
        return events;
    }

    private List<String> names() throws IOException {
        return events().stream().map(event -> event.path("event").asText()).toList();
    }

    @Test
    void aStopSaysWhichSettingsToCheckAndShowsNoSecret() throws Exception {
        attempt(1, fault);
        assertThat(events()).isEmpty();
        attempt(2, fault);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.path("at").asText()).startsWith("20");
            assertThat(event.toString())
                    .startsWith("{\"event\":\"circuit-stopped\",\"vendor\":\"acme\",\"account\":\"one\","
                            + "\"api\":\"chat\",\"why\":\"A ***.\",\"settings\":[\"id\",\"key\"],\"at\":");
        });
    }

    @Test
    void anOutageIsToldWhenItBeginsAndWhenItIsOver() throws Exception {
        IntStream.range(0, 10).forEach(i -> attempt(i, outage));
        assertThat(names()).containsExactly("circuit-opened");
        IntStream.range(0, 3).forEach(i -> attempt(i, null));
        assertThat(names()).containsExactly("circuit-opened", "circuit-closed");
    }

    /** Two threads meet at circuit after circuit, so that often both see the same stop. */
    @Test
    void whoeverSeesAStopAtTheSameTimeItIsToldOnce() throws Exception {
        List<Circuits> many = IntStream.range(0, ROUNDS)
                .mapToObj(i -> new Circuits(account(), SETTINGS, store))
                .toList();
        var arrived = new AtomicInteger();
        var other = new Thread(() -> meet(many, 1, arrived));
        other.start();
        meet(many, 2, arrived);
        other.join();
        assertThat(names()).hasSize(ROUNDS).containsOnly("circuit-stopped");
    }

    private void meet(List<Circuits> many, int number, AtomicInteger arrived) {
        Claimed message = claimed(number);
        for (int round = 0; round < many.size(); round++) {
            long claim = many.get(round).claimed(message);
            arrived.incrementAndGet();
            while (arrived.get() < 2 * (round + 1)) {
                Thread.onSpinWait();
            }
            many.get(round).ended(message, claim, fault);
        }
    }

    @Test
    void aStopThatCouldNotBeWrittenIsWrittenLaterOnce() throws Exception {
        breakOutbox("alter table outbox rename to elsewhere");
        attempt(1, fault);
        attempt(2, fault);
        store.lanes().pause("acme/another", null).join();
        assertThat(store.lanes().stoppedCircuit("acme/one", "chat", account().settings()))
                .isEmpty();
        breakOutbox("alter table elsewhere rename to outbox");
        circuits.shares(1, operation -> true);
        assertThat(names()).containsExactly("circuit-stopped");
        assertThat(store.lanes().stoppedCircuit("acme/one", "chat", account().settings()))
                .isPresent();
        circuits.shares(1, operation -> true);
        assertThat(names()).hasSize(1);
    }

    /** Removes the table to which changes are written, or restores it, by a connection of its own. */
    private void breakOutbox(String statement) throws Exception {
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("s.db"));
                var change = connection.createStatement()) {
            change.execute(statement);
        }
    }
}
