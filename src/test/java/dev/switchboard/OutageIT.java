package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What takes its time: an outage of a minute, and processes that are stopped and killed. The outages of both stores and,
 * one after the other, the restarts of each go on at the same time; each test waits for its part.
 */
class OutageIT {

    private static final int CONCURRENCY = 32;
    private static final int RATE = 250;
    private static final int WAITING = 5_000;
    private static final int CONVERSATIONS = 500;
    private static final Duration OUTAGE = Duration.ofSeconds(60);

    private static final Map<String, CompletableFuture<Void>> BEGUN = new HashMap<>();

    /** Something that goes on while others do. */
    private interface Part {
        void run(StoreKind store) throws Exception;
    }

    @BeforeAll
    static void begin() {
        for (StoreKind store : StoreKind.values()) {
            begin(store, Map.of("outage", OutageIT::outage));
            begin(
                    store,
                    Map.of(
                            "hanging", Restarts::aVendorThatHangsDoesNotKeepItFromStopping,
                            "pause", Restarts::pauseAndResumeOutliveIt,
                            "in flight", Restarts::attemptsInFlightEndBeforeTheBusDoes,
                            "outbox", Restarts::whatHasToGoOutGoesOut));
        }
    }

    /** Begins parts that go on one after the other. */
    private static void begin(StoreKind store, Map<String, Part> parts) {
        var turns = Executors.newSingleThreadExecutor();
        parts.forEach((name, part) -> BEGUN.put(
                name + store,
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                part.run(store);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        turns)));
        turns.shutdown();
    }

    private static void join(String part, StoreKind store) {
        Objects.requireNonNull(BEGUN.get(part + store)).join();
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void anOutageOfAMinuteKillsNothingAndEndsWithoutABurst(StoreKind store) {
        join("outage", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aVendorThatHangsKeepsTheBusFromStoppingForNoLongerThanItsGrace(StoreKind store) {
        join("hanging", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aPausedLaneIsPausedAfterARestartAndAResumedOneRuns(StoreKind store) {
        join("pause", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aStopLetsAttemptsInFlightEnd(StoreKind store) {
        join("in flight", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aKillBetweenOutcomeAndPublicationLosesNoReplyAndNoDeadLetter(StoreKind store) {
        join("outbox", store);
    }

    private static void outage(StoreKind store) throws Exception {
        try (var bus = new LaneBus("outage", store)) {
            TestLane lane = bus.lane("default", "concurrency", "" + CONCURRENCY, "rate", RATE + "/s", "timeout", "2s");
            lane.traffic().doneAfter(Duration.ofMillis(10));
            bus.start();
            lane.pauseAndDrop(IntStream.range(0, WAITING).mapToObj(i -> numbered(lane, i)));
            lane.resume();
            lane.awaitRequests(200);
            fail(store, lane);
            lane.awaitEmpty(Duration.ofSeconds(150));
            assertDrained(lane);
        }
    }

    private static ObjectNode numbered(TestLane lane, int i) {
        return lane.send("room-" + i % CONVERSATIONS, "" + i).put("id", "m" + i);
    }

    /** Of one store's bus the vendor is not there for a minute, of the other's it takes requests and does not answer. */
    private static void fail(StoreKind store, TestLane lane) throws Exception {
        long begun = System.nanoTime();
        AutoCloseable mended = store == StoreKind.SQLITE ? lane.vendor().refuse() : hang(lane);
        lane.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        assertThat(lane.circuit("biz").path("why").asText()).isNotEmpty();
        await().atMost(OUTAGE.multipliedBy(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - begun >= OUTAGE.toNanos());
        assertThat(lane.circuit("biz").path("state").asText()).isEqualTo("open");
        mended.close();
    }

    private static AutoCloseable hang(TestLane lane) {
        lane.traffic().answer(request -> Traffic.HANG);
        return () -> lane.traffic().doneAfter(Duration.ofMillis(10));
    }

    private static void assertDrained(TestLane lane) {
        List<JsonNode> uncertain = lane.messages("uncertain");
        assertThat(lane.messages("dead")).isEmpty();
        assertThat(lane.messages("delivered").size() + uncertain.size()).isEqualTo(WAITING);
        assertThat(uncertain).hasSizeLessThanOrEqualTo(CONCURRENCY + 20);
        assertThat(failedAttempts(lane)).isBetween(10, CONCURRENCY + 20);
        assertThat(lane.circuit("biz").path("state").asText()).isEqualTo("closed");
        assertInOrder(lane);
        assertNoBurst(lane.traffic());
    }

    private static int failedAttempts(TestLane lane) {
        var failed = new AtomicInteger();
        GuaranteesIT.inParallel(4, thread -> {
            for (int i = thread; i < WAITING; i += 4) {
                lane.message("m" + i)
                        .path("attempts")
                        .forEach(attempt -> failed.addAndGet(
                                attempt.path("disposition").asText().equals("delivered") ? 0 : 1));
            }
        });
        return failed.get();
    }

    /** No {@code send} reaches the vendor twice here, so each conversation is a sequence that grows. */
    private static void assertInOrder(TestLane lane) {
        Map<String, List<Integer>> seen = new HashMap<>();
        lane.traffic().arrivals().forEach(arrival -> {
            JsonNode body = json(arrival.request());
            seen.computeIfAbsent(body.path("room_id").asText(), any -> new ArrayList<>())
                    .add(body.path("msg").asInt());
        });
        assertThat(seen)
                .hasSize(CONVERSATIONS)
                .allSatisfy((room, numbers) -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
    }

    private static JsonNode json(Request request) {
        return new RestClient.Answer(0, java.net.http.HttpHeaders.of(Map.of(), (a, b) -> true), request.body()).json();
    }

    /** Requests that were held up on their way may come together; they are no more than there are slots. */
    private static void assertNoBurst(Traffic traffic) {
        long[] times = traffic.times();
        assertThat(Windows.most(times, Duration.ofSeconds(1))).isLessThanOrEqualTo(RATE * 12 / 10 + 1 + CONCURRENCY);
        assertThat(Windows.most(times, Duration.ofSeconds(10))).isLessThanOrEqualTo(RATE * 10 * 102 / 100);
    }
}
