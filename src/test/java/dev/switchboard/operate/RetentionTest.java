package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is old is erased by itself. */
class RetentionTest {

    private static final String LANE = "acme/default";

    @TempDir
    Path folder;

    private static Retention.Settings read(Map<String, String> settings) {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder().withDefaultValues(settings).build();
        return Retention.Settings.read(config);
    }

    @Test
    void withoutSettingsBodiesAreKeptForAMonthAndMessagesForAYear() {
        assertThat(read(Map.of())).isEqualTo(new Retention.Settings(Duration.ofDays(30), Duration.ofDays(400), null));
    }

    @Test
    void aWrongSettingIsNamed() {
        assertThatThrownBy(() -> read(Map.of("switchboard.retention.bodies", "a month")))
                .hasMessageStartingWith("switchboard.retention.bodies: must be a time");
        assertThatThrownBy(() -> read(Map.of("switchboard.retention.messages", "20d")))
                .hasMessage("switchboard.retention.messages: must not be less than switchboard.retention.bodies");
    }

    @Test
    void filesAreDeletedWhereThatIsSetAndLeftOtherwise() {
        var asked = new LinkedBlockingQueue<Duration>();
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("files.db"), "", "")) {
            new Retention(store, read(Map.of()), asked::add).close();
            try (Retention retention =
                    new Retention(store, read(Map.of("switchboard.retention.files", "90d")), asked::add)) {
                assertThat(retention).isNotNull();
                await().until(() -> asked.contains(Duration.ofDays(90)));
            }
        }
        assertThat(asked).containsOnly(Duration.ofDays(90));
    }

    private static Incoming incoming(int number) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("id", "m" + number)
                .put("vendor", "acme")
                .put("account", "default")
                .put("operation", "send")
                .put("text", "words");
        return new Incoming(
                new Message(json), "chat", System.currentTimeMillis() + 60_000, Incoming.Source.of("rest", null));
    }

    private static Outcome delivered() {
        var tried = new Outcome.Tried(Instant.now(), Disposition.DELIVERED, 200, "0", null, "{}", null);
        return new Outcome(State.DELIVERED, 0, true, false, tried, null, null);
    }

    private static void deliver(Store store, int count) {
        store.messages()
                .accept(IntStream.range(0, count)
                        .mapToObj(RetentionTest::incoming)
                        .toList())
                .join();
        var why = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "It was cut off.", true);
        store.lanes().own(LANE, operation -> false, why, Set.of()).join();
        List<Claimed> claimed = store.lanes()
                .claim(LANE, List.of(new Share("chat", count, null)))
                .join();
        claimed.forEach(each -> store.lanes().finish(each, delivered()).join());
    }

    private static boolean holds(Store store, int number) {
        return store.messages().find("m" + number).map(view -> view.has("text")).orElse(false);
    }

    @Test
    void whatIsOldIsErasedAndThenTakenAwayWithoutBeingAsked() throws Exception {
        var settings = new Retention.Settings(Duration.ofMillis(1), Duration.ofSeconds(3), null);
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "")) {
            deliver(store, 250);
            try (Retention retention = new Retention(store, settings, kept -> {})) {
                assertThat(retention).isNotNull();
                await().until(() -> IntStream.range(0, 250).noneMatch(i -> holds(store, i)));
                await().until(() -> Files.size(folder.resolve("s.db-wal")) == 0);
                await().until(() -> IntStream.range(0, 250)
                        .allMatch(i -> store.messages().find("m" + i).isEmpty()));
            }
        }
    }

    @Test
    void whatIsNotOldStays() throws Exception {
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "")) {
            deliver(store, 3);
            try (Retention retention = new Retention(store, read(Map.of()), kept -> {})) {
                assertThat(retention).isNotNull();
                await().until(() -> Files.size(folder.resolve("s.db-wal")) == 0);
                assertThat(holds(store, 2)).isTrue();
            }
        }
    }
}
