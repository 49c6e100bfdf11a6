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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** An outage of a vendor, on a store of either kind: nothing dies of it, and its end is no burst. */
final class VendorOutage {

    private static final int CONCURRENCY = 32;
    private static final int RATE = 250;
    private static final int CONVERSATIONS = 500;

    private VendorOutage() {}

    /** Lets a vendor fail for a time while messages wait for it. */
    static void strike(StoreKind store, Duration length, int waiting) throws Exception {
        try (var bus = new LaneBus("outage", store)) {
            TestLane lane = bus.lane("default", "concurrency", "" + CONCURRENCY, "rate", RATE + "/s", "timeout", "2s");
            lane.traffic().doneAfter(Duration.ofMillis(10));
            bus.start();
            lane.pauseAndDrop(IntStream.range(0, waiting).mapToObj(i -> numbered(lane, i)));
            lane.resume();
            lane.awaitRequests(200);
            fail(store, lane, length);
            lane.awaitEmpty(Duration.ofSeconds(150));
            assertDrained(lane, waiting);
        }
    }

    private static ObjectNode numbered(TestLane lane, int i) {
        return lane.send("room-" + i % CONVERSATIONS, "" + i).put("id", "m" + i);
    }

    /** With one store the vendor refuses connections for a time, with the other it takes requests and does not answer. */
    private static void fail(StoreKind store, TestLane lane, Duration length) throws Exception {
        long begun = System.nanoTime();
        AutoCloseable outage = store == StoreKind.SQLITE ? lane.vendor().refuse() : hang(lane);
        lane.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        assertThat(lane.circuit("biz").path("why").asText()).isNotEmpty();
        await().atMost(length.multipliedBy(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - begun >= length.toNanos());
        assertThat(lane.circuit("biz").path("state").asText()).isEqualTo("open");
        outage.close();
    }

    private static AutoCloseable hang(TestLane lane) {
        lane.traffic().answer(request -> Traffic.HANG);
        return () -> lane.traffic().doneAfter(Duration.ofMillis(10));
    }

    private static void assertDrained(TestLane lane, int waiting) {
        List<JsonNode> uncertain = lane.messages("uncertain");
        assertThat(lane.messages("dead")).isEmpty();
        assertThat(lane.messages("delivered").size() + uncertain.size()).isEqualTo(waiting);
        assertThat(uncertain).hasSizeLessThanOrEqualTo(CONCURRENCY + 20);
        assertThat(failedAttempts(lane, waiting)).isBetween(10, CONCURRENCY + 20);
        assertThat(lane.circuit("biz").path("state").asText()).isEqualTo("closed");
        assertInOrder(lane);
        assertNoBurst(lane.traffic());
    }

    private static int failedAttempts(TestLane lane, int waiting) {
        var failed = new AtomicInteger();
        GuaranteesIT.inParallel(4, thread -> {
            for (int i = thread; i < waiting; i += 4) {
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
