package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.queue.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several instances on one PostgreSQL, in this process. */
class InstancesIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Map<String, String> database = StoreKind.POSTGRESQL.newStore();
    private final List<LaneInstance> running = new ArrayList<>();
    private final Map<String, Long> attempted = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        running.forEach(LaneInstance::close);
    }

    private LaneInstance start(int lanes) throws Exception {
        var started = new LaneInstance(database, lanes, id -> attempted.put(id, System.nanoTime()));
        running.add(started);
        return started;
    }

    private void awaitServed(Integer... lanes) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(
                                running.stream().map(LaneInstance::served).sorted())
                        .containsExactly(lanes));
    }

    private static List<String> owners(LaneInstance instance) {
        return instance.store()
                .read(sql -> sql.list(
                        "select name || owner || epoch from lane where owner is not null order by name", Row::text));
    }

    @Test
    void eachInstanceServesItsShareAndNoMore() throws Exception {
        LaneInstance first = start(8);
        awaitServed(8);
        start(8);
        awaitServed(4, 4);
        LaneInstance third = start(8);
        awaitServed(2, 3, 3);
        List<String> owners = owners(first);
        for (int i = 0; i < 8; i++) {
            running.get(i % 3).accept("m" + i, i);
        }
        await().atMost(LIMIT).until(() -> attempted.size() == 8);
        assertThat(owners(first))
                .as("nothing changes while nothing joins or leaves")
                .isEqualTo(owners);
        String drained = third.store().instances().all().stream()
                .filter(each ->
                        third.store().instances().lanesOf(each.id()).stream().anyMatch(third::serves))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(first.store().instances().drain(drained).join()).isTrue();
        awaitServed(0, 4, 4);
        running.remove(first);
        first.close();
        awaitServed(0, 8);
    }

    @Test
    void whatAnotherInstanceTakesInOrChangesIsKnownAtOnceWhereTheLaneIsServed() throws Exception {
        LaneInstance first = start(2);
        awaitServed(2);
        LaneInstance second = start(2);
        awaitServed(1, 1);
        int lane = second.serves("kakao/a0") ? 1 : 0;
        var took = new ArrayList<Long>();
        for (int i = 0; i < 21; i++) {
            String id = "m" + i;
            second.accept(id, lane);
            long accepted = System.nanoTime();
            await().atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> attempted.containsKey(id));
            took.add((attempted.getOrDefault(id, accepted) - accepted) / 1_000_000);
        }
        took.sort(null);
        assertThat(took.get(took.size() / 2)).as("milliseconds: %s", took).isLessThan(50);
        String name = "kakao/a" + lane;
        second.lanes().lane(name).orElseThrow().pause(new Pause("elsewhere", null));
        await().atMost(LIMIT)
                .until(() -> first.lanes().lane(name).orElseThrow().state().equals("paused"));
        second.lanes().lane(name).orElseThrow().resumeNow();
        await().atMost(LIMIT)
                .until(() -> first.lanes().lane(name).orElseThrow().state().equals("running"));
    }

    @Test
    @Tag("soak")
    void fourInstancesWithFourHundredIdleLanesMakeFewStatements() throws Exception {
        assertThat(statementsPerSecond(4, 400, 20)).isLessThan(50);
    }

    private double statementsPerSecond(int instances, int lanes, int seconds) throws Exception {
        for (int i = 0; i < instances; i++) {
            start(lanes);
        }
        await().atMost(LIMIT).until(() -> running.stream().allMatch(each -> each.served() == lanes / instances));
        try (var counted = new CountedStatements()) {
            await().atMost(LIMIT).until(() -> counted.take(seconds) < 1000); // what the start has left to do
            return counted.take(seconds);
        }
    }

    /** Counts all statements in this process. */
    private static final class CountedStatements extends Handler implements AutoCloseable {

        private static final Logger LOGGER = Logger.getLogger(Sql.class.getName());
        private final Level before = LOGGER.getLevel();
        private final AtomicLong count = new AtomicLong();

        CountedStatements() {
            LOGGER.setLevel(Level.ALL);
            LOGGER.addHandler(this);
            LOGGER.setUseParentHandlers(false);
        }

        double take(int seconds) throws InterruptedException {
            long from = count.get();
            long began = System.nanoTime();
            Thread.sleep(seconds * 1000L);
            return (count.get() - from) * 1e9 / (System.nanoTime() - began);
        }

        @Override
        public void publish(LogRecord entry) {
            count.incrementAndGet();
        }

        @Override
        public void flush() {
            // nothing waits
        }

        @Override
        public void close() {
            LOGGER.removeHandler(this);
            LOGGER.setUseParentHandlers(true);
            LOGGER.setLevel(before);
        }
    }
}
