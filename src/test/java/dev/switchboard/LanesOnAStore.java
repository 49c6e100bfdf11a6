package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a lane promises: its rate and concurrency, and that nothing which goes wrong in one place holds up another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LanesOnAStore {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final LaneBus bus;
    private final TestLane fifty;
    private final TestLane tenths;
    private final TestLane well;
    private final TestLane dead;
    private final TestLane busy;
    private final TestLane shop;
    private final TestLane page;
    private final TestLane moved;
    private final TestLane rare;

    LanesOnAStore(StoreKind store) throws IOException {
        bus = new LaneBus("lanes", store)
                .with("switchboard.circuit.probe", "500ms")
                .with("switchboard.circuit.probe-max", "2s");
        fifty = bus.lane("fifty", "rate", "50/s", "concurrency", "4");
        tenths = bus.lane("tenths", "rate", "600/m", "concurrency", "2");
        well = bus.lane("well", "concurrency", "4");
        dead = bus.lane("dead", "timeout", "120s");
        busy = bus.lane("busy", "concurrency", "16", "timeout", "1s");
        shop = bus.lane("shop", "concurrency", "8", "timeout", "2s");
        page = bus.lane("page", "concurrency", "4");
        moved = bus.lane("moved", "concurrency", "4");
        rare = bus.lane("rare", "concurrency", "4");
    }

    @BeforeAll
    void start() throws IOException {
        bus.start();
    }

    @AfterAll
    void stop() {
        bus.close();
    }

    private static Stream<ObjectNode> sends(TestLane lane, String room, int count) {
        return IntStream.range(0, count).mapToObj(i -> lane.send(room + "-" + i, "x"));
    }

    /**
     * Two lanes at the same time. No window may ever hold more, and after a rest neither: idleness saves nothing up. A
     * machine that has others to serve may make one hold less, so that this has some rounds to be seen.
     */
    @Test
    @Tag("soak")
    void aRateHoldsOverAnyTenSeconds() throws IOException {
        fifty.traffic().doneAfter(Duration.ofMillis(5));
        tenths.traffic().doneAfter(Duration.ofMillis(5));
        int round = 0;
        do {
            steady("steady-" + round++, 600, 120);
        } while (round < 4 && (least(fifty, 600) < 490 || least(tenths, 120) < 98));
        assertThat(least(fifty, 600)).isGreaterThanOrEqualTo(490);
        assertThat(least(tenths, 120)).isGreaterThanOrEqualTo(98);
        steady("burst", 60, 20);
        assertNoBurst(fifty, 50);
        assertNoBurst(tenths, 10);
    }

    private void steady(String name, int ofFifty, int ofTenths) throws IOException {
        fifty.pauseAndDrop(sends(fifty, name, ofFifty));
        tenths.pauseAndDrop(sends(tenths, name, ofTenths));
        fifty.resume();
        tenths.resume();
        fifty.awaitEmpty(Duration.ofSeconds(40));
        tenths.awaitEmpty(Duration.ofSeconds(40));
    }

    /** Returns how many came in the emptiest window of those that came last. */
    private static int least(TestLane lane, int last) {
        long[] times = lane.traffic().times();
        return Windows.least(Arrays.copyOfRange(times, times.length - last, times.length), WINDOW);
    }

    /** Requests that were held up on their way may come together; they are no more than there are slots. */
    private static void assertNoBurst(TestLane lane, int second) {
        long[] times = lane.traffic().times();
        assertThat(Windows.most(times, SECOND)).isLessThanOrEqualTo(second * 12 / 10 + 1 + 4);
        assertThat(Windows.most(times, WINDOW)).isLessThanOrEqualTo(second * 102 / 10);
        assertThat(lane.traffic().mostAtOnce()).isLessThanOrEqualTo(4);
    }

    /** In turn alone and with the hanging vendor, until the medians are near or will never be. */
    @Test
    @Tag("soak")
    void aDeadVendorLeavesAnotherLaneItsThroughput() throws IOException {
        well.traffic().doneAfter(Duration.ofMillis(25));
        throughput();
        var alone = new ArrayList<Double>();
        var hanging = new ArrayList<Double>();
        do {
            alone.add(throughput());
            var gone = new CountDownLatch(1);
            dead.traffic().answer(request -> Traffic.after(gone, Traffic.DONE));
            int before = dead.traffic().count();
            sends(dead, "dead", 40).forEach(dead::submit);
            dead.awaitRequests(before + 32);
            hanging.add(throughput());
            assertThat(dead.traffic().count()).isEqualTo(before + 32);
            gone.countDown();
            dead.awaitEmpty(Duration.ofSeconds(20));
        } while (alone.size() < 2 || (median(hanging) < 0.95 * median(alone) && alone.size() < 9));
        assertThat(median(hanging)).as("alone %s, hanging %s", alone, hanging).isGreaterThan(0.95 * median(alone));
        assertThat(well.traffic().mostAtOnce())
                .as("slots, not the machine, are the limit")
                .isEqualTo(4);
    }

    /** Returns how many a second the vendor gets of 150 that wait. */
    private double throughput() throws IOException {
        int before = well.traffic().count();
        well.pauseAndDrop(sends(well, "well-after-" + before, 150));
        well.resume();
        well.awaitEmpty(Duration.ofSeconds(30));
        List<Traffic.Arrival> come = well.traffic().arrivals();
        long nanos = come.get(come.size() - 1).request().nanoTime()
                - come.get(before).request().nanoTime();
        return 149e9 / nanos;
    }

    private static double median(List<Double> numbers) {
        var sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    @Test
    void aVendorThatHangsOpensTheCircuitAndIsNotFloodedWhenItIsBack() throws Exception {
        busy.traffic().doneAfter(Duration.ofMillis(5));
        busy.pauseAndDrop(sends(busy, "busy", 1500));
        busy.resume();
        busy.awaitRequests(400);
        busy.traffic().answer(request -> Traffic.HANG);
        busy.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        IntStream.range(0, 20).forEach(i -> busy.submit(busy.end("ended-" + i)));
        int known = busy.traffic().count() + 1; // a send may have been the probe when those came
        busy.awaitRequests(known + 4);
        assertProbes(busy.traffic().arrivals().subList(known, known + 4));
        int hung = busy.traffic().count();
        busy.traffic().doneAfter(Duration.ofMillis(20));
        busy.awaitCircuit("biz", "closed", Duration.ofSeconds(30));
        busy.awaitEmpty(Duration.ofSeconds(40));
        assertRamp(busy.traffic().arrivals(), hung);
        assertThat(busy.messages("dead")).isEmpty();
        assertThat(busy.messages("uncertain")).hasSizeBetween(1, 16 + 20);
    }

    /** Those may be repeated, so they risk nothing; each ends before the next, which comes later and later. */
    private void assertProbes(List<Traffic.Arrival> probes) {
        assertThat(probes)
                .allSatisfy(probe -> assertThat(probe.request().path()).endsWith("/end"));
        List<Duration> waits = List.of(SECOND, Duration.ofSeconds(2), Duration.ofSeconds(2));
        for (int i = 0; i < waits.size(); i++) {
            long between = probes.get(i + 1).request().nanoTime()
                    - probes.get(i).request().nanoTime();
            assertThat(Duration.ofNanos(between)).isGreaterThan(waits.get(i));
        }
    }

    /** At any time no more are with the vendor than have been done well since the two probes, and one. */
    private static void assertRamp(List<Traffic.Arrival> come, int hung) {
        int answered = come.get(hung - 1).answered();
        List<Traffic.Arrival> back = come.subList(hung, come.size());
        assertThat(back)
                .allSatisfy(arrival -> assertThat(arrival.inside())
                        .isLessThanOrEqualTo(Math.max(1, Math.min(16, arrival.answered() - answered - 1))));
        assertThat(back).anySatisfy(arrival -> assertThat(arrival.inside()).isGreaterThanOrEqualTo(8));
    }

    /** A page does not tell what was done, so the messages that met it are dead; the others wait for its end. */
    @Test
    void aMaintenancePageDoesNotEndTheBacklog() {
        page.traffic()
                .answer(request -> new Answer(
                        200,
                        Map.of("Content-Type", "text/html; charset=utf-8"),
                        "<!DOCTYPE html><html><title>maintenance</title></html>",
                        Answer.Fault.NONE));
        sends(page, "page", 60).forEach(page::submit);
        page.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        JsonNode circuit = page.circuit("biz");
        assertThat(circuit.path("waitsFor").asText()).isIn("its next probe", "the answer to a probe");
        assertThat(circuit.path("since").asText()).isNotEmpty();
        assertThat(circuit.path("goodProbesMissing").asInt()).isEqualTo(2);
        page.traffic().answer(request -> Traffic.DONE);
        page.awaitEmpty(Duration.ofSeconds(20));
        List<JsonNode> dead = page.messages("dead");
        assertThat(dead).hasSizeBetween(10, 20).allSatisfy(message -> {
            assertThat(message.at("/failure/class").asText()).isEqualTo("unmapped");
            assertThat(message.at("/failure/mayHaveBeenSent").asBoolean()).isTrue();
        });
        assertThat(page.messages("delivered")).hasSize(60 - dead.size());
    }

    @Test
    void whatMeetsARedirectWaitsForItsEnd() {
        moved.traffic()
                .answer(request ->
                        new Answer(302, Map.of("Location", moved.vendor().url() + "/login"), "", Answer.Fault.NONE));
        sends(moved, "moved", 60).forEach(moved::submit);
        moved.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        moved.traffic().answer(request -> Traffic.DONE);
        moved.awaitEmpty(Duration.ofSeconds(30));
        assertThat(moved.messages("delivered")).hasSize(60);
    }

    /** Fourteen that always fail do not hold back others: two that succeed close the circuit. */
    @Test
    void messagesThatAlwaysFailDoNotKeepACircuitOpen() throws IOException {
        rare.traffic()
                .answer(request -> request.body().contains("poison")
                        ? Answer.of(200, "{\"code\":-600,\"message\":\"System\"}")
                        : Traffic.DONE);
        IntStream.range(0, 14).forEach(i -> rare.submit(rare.send("poison-" + i, "poison")));
        rare.awaitCircuit("biz", "open", Duration.ofSeconds(20));
        for (int i = 0; i < 2; i++) {
            JsonNode view = rare.rest()
                    .submit(rare.send("good-" + i, "x"), "Prefer", "wait=20")
                    .json();
            assertThat(view.path("state").asText()).isEqualTo("delivered");
        }
        await().atMost(SECOND.multipliedBy(5))
                .until(() -> bus.log()
                        .lines()
                        .anyMatch(line -> line.contains("circuit-closed") && line.contains("\"rare\"")));
    }

    @Test
    void aWrongTokenStopsTranscriptsAndNothingElse() {
        var wrong = new CountDownLatch(1);
        shop.traffic().answer(request -> request.path().endsWith("/json") ? transcript(wrong) : Traffic.DONE);
        for (int i = 0; i < 20; i++) {
            shop.submit(shop.transcript("room-" + i).put("id", "transcript-" + i));
            shop.submit(shop.send("room-" + i, "x"));
        }
        shop.awaitCircuit("customer", "stopped", Duration.ofSeconds(20));
        assertThat(shop.circuit("customer").path("setting").asText()).isEqualTo("token");
        assertThat(shop.circuit("customer").path("why").asText()).isNotEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> shop.depth() == 19);
        int asked = transcriptsAsked();
        for (int i = 0; i < 20; i++) {
            JsonNode view = shop.rest()
                    .submit(shop.send("late-" + i, "x"), "Prefer", "wait=10")
                    .json();
            assertThat(view.path("state").asText()).isEqualTo("delivered");
        }
        assertThat(shop.circuit("biz").path("state").asText()).isEqualTo("closed");
        assertThat(transcriptsAsked())
                .as("no attempt is spent")
                .isEqualTo(asked)
                .isLessThanOrEqualTo(8);
        wrong.countDown();
        shop.resume();
        shop.awaitEmpty(Duration.ofSeconds(20));
        assertThat(shop.circuit("customer").path("state").asText()).isEqualTo("closed");
        assertThat(shop.messages("delivered")).hasSize(59);
        assertThat(shop.messages("dead"))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.at("/failure/class").asText()).isEqualTo("unauthorized"));
    }

    private static Answer transcript(CountDownLatch wrong) {
        return wrong.getCount() == 0
                ? Answer.of(200, "{\"code\":0,\"result\":\"success\",\"data\":[]}")
                : Answer.of(200, "{\"code\":-501,\"result\":\"fail\",\"message\":\"token\"}");
    }

    private int transcriptsAsked() {
        return (int) shop.traffic().count((Request request) -> request.path().endsWith("/json"));
    }
}
