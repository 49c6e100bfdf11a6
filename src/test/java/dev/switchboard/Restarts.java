package dev.switchboard;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.vendor.Answer;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** What has to outlive the process, on a store of whichever kind. */
final class Restarts {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private Restarts() {}

    static void pauseAndResumeOutliveIt(StoreKind store) throws Exception {
        try (var bus = new LaneBus("paused", store)) {
            TestLane lane = bus.lane("paused");
            TestLane other = bus.lane("other");
            bus.start();
            lane.pause();
            IntStream.range(0, 3).forEach(i -> lane.submit(lane.send("room-" + i, "x")));
            bus.stop();
            bus.start();
            assertPaused(lane, other);
            bus.kill();
            bus.start();
            assertPaused(lane, other);
            lane.resume();
            lane.awaitEmpty(LIMIT);
            bus.kill();
            bus.start();
            lane.rest().finished(lane.submit(lane.send("room", "x")));
            assertThat(lane.view().path("state").asText()).isEqualTo("running");
            assertThat(lane.messages("delivered")).hasSize(4);
            assertThat(lane.traffic().count()).isEqualTo(4);
        }
    }

    private static void assertPaused(TestLane lane, TestLane other) {
        other.rest().finished(other.submit(other.send("room", "x")));
        assertThat(lane.view().path("state").asText()).isEqualTo("paused");
        assertThat(lane.depth()).isEqualTo(3);
        assertThat(lane.traffic().count()).isZero();
    }

    static void attemptsInFlightEndBeforeTheBusDoes(StoreKind store) throws Exception {
        try (var bus = new LaneBus("in-flight", store)) {
            TestLane lane = bus.lane("default", "concurrency", "8");
            lane.traffic().doneAfter(Duration.ofSeconds(1));
            bus.start();
            IntStream.range(0, 40).forEach(i -> lane.submit(lane.send("room-" + i, "x")));
            lane.awaitRequests(8);
            int begun = lane.traffic().count();
            assertThat(secondsToStop(bus)).isLessThan(30);
            assertThat(lane.traffic().count()).as("claiming stops").isLessThan(begun + 2 * 8);
            lane.traffic().doneAfter(Duration.ZERO);
            bus.start();
            lane.awaitEmpty(LIMIT);
            assertThat(lane.messages("delivered")).hasSize(40);
            assertThat(lane.traffic().count()).as("none is sent twice").isEqualTo(40);
        }
    }

    static void aVendorThatHangsDoesNotKeepItFromStopping(StoreKind store) throws Exception {
        try (var bus = new LaneBus("hangs-on", store).with("switchboard.shutdown.delay", "2s")) {
            TestLane lane = bus.lane("default", "concurrency", "4", "timeout", "120s");
            lane.traffic().answer(request -> Traffic.HANG);
            bus.start();
            for (int i = 0; i < 10; i++) {
                lane.submit(i < 3 ? lane.send("room-" + i, "x") : lane.end("room-" + i));
            }
            lane.awaitRequests(4);
            assertThat(bus.statusWhileNotReady()).isEqualTo(200);
            assertThat(secondsToStop(bus)).isBetween(25L, 35L);
            assertThat(lane.traffic().count()).as("nothing more is claimed").isEqualTo(4);
            assertThat(bus.log()).as("it ended by itself").doesNotContain("forcing shutting down");
            lane.traffic().answer(request -> Traffic.DONE);
            bus.start();
            lane.awaitEmpty(LIMIT);
            assertThat(lane.messages("uncertain"))
                    .hasSize(3)
                    .allSatisfy(message ->
                            assertThat(message.path("operation").asText()).isEqualTo("send"));
            assertThat(lane.messages("delivered")).hasSize(7);
            assertThat(lane.traffic().count(request -> request.path().endsWith("/write")))
                    .isEqualTo(3);
        }
    }

    /** All stop claiming together: one after another would take as long as all their attempts in turn. */
    static void busyLanesStopTogether(StoreKind store, int count) throws Exception {
        try (var bus = new LaneBus("busy-lanes", store)) {
            List<TestLane> lanes = IntStream.range(0, count)
                    .mapToObj(i -> bus.lane("lane-" + i, "concurrency", "8"))
                    .toList();
            lanes.forEach(lane -> lane.traffic().doneAfter(Duration.ofSeconds(3)));
            bus.start();
            lanes.forEach(lane -> IntStream.range(0, 20).forEach(i -> lane.submit(lane.send("room-" + i, "x"))));
            lanes.forEach(lane -> lane.awaitRequests(8));
            List<Integer> begun =
                    lanes.stream().map(lane -> lane.traffic().count()).toList();
            assertThat(secondsToStop(bus)).isLessThan(20);
            for (int i = 0; i < count; i++) {
                assertThat(lanes.get(i).traffic().count())
                        .as("claims after the stop began")
                        .isLessThanOrEqualTo(begun.get(i) + 8);
            }
            lanes.forEach(lane -> lane.traffic().doneAfter(Duration.ZERO));
            bus.start();
            lanes.forEach(lane -> {
                lane.awaitEmpty(LIMIT);
                assertThat(lane.messages("delivered")).hasSize(20);
                assertThat(lane.traffic().count()).as("none is sent twice").isEqualTo(20);
            });
        }
    }

    /** What one of two instances had claimed ends there, and the other sends the rest. */
    static void anInstanceOfTwoStopsAsFast() throws Exception {
        try (var bus = new LaneBus("of-two", StoreKind.POSTGRESQL)) {
            List<TestLane> lanes = IntStream.range(0, 24)
                    .mapToObj(i -> bus.lane("lane-" + i, "concurrency", "8"))
                    .toList();
            lanes.forEach(lane -> lane.traffic().doneAfter(Duration.ofSeconds(3)));
            bus.start();
            try (RunningBus other = bus.startAnother()) {
                lanes.forEach(lane -> IntStream.range(0, 20).forEach(i -> lane.submit(lane.send("room-" + i, "x"))));
                lanes.forEach(lane -> lane.awaitRequests(8));
                assertThat(secondsToStop(bus)).isLessThan(20);
                lanes.forEach(lane -> lane.traffic().doneAfter(Duration.ZERO));
                lanes.forEach(lane -> {
                    lane.on(other);
                    lane.awaitEmpty(LIMIT);
                    assertThat(lane.messages("delivered")).hasSize(20);
                    assertThat(lane.traffic().count()).as("none is sent twice").isEqualTo(20);
                });
            }
        }
    }

    private static long secondsToStop(LaneBus bus) throws InterruptedException {
        long begun = System.nanoTime();
        assertThat(bus.stop()).as("status").isZero();
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    }

    /** Each time it is killed as soon as one outcome shows, which is before or while others are published. */
    static void whatHasToGoOutGoesOut(StoreKind store, int kills) throws Exception {
        int port = freePort();
        try (var bus = new LaneBus("outbox", store)
                .with("switchboard.broker.url", "embedded")
                .with("switchboard.broker.port", "" + port)) {
            TestLane lane = bus.lane("default");
            lane.traffic()
                    .answer(request -> request.body().contains("\"gone\"")
                            ? Answer.of(200, "{\"code\":-702,\"message\":\"NotRoom\"}")
                            : Traffic.DONE);
            Set<String> ids = new HashSet<>();
            for (int round = 0; round < kills; round++) {
                bus.start();
                ids.addAll(ask(lane, port, "round-" + round + "-"));
                String watched = "round-" + round + "-" + round * 10;
                await().atMost(LIMIT)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> lane.message(watched).has("finishedAt"));
                bus.kill();
            }
            bus.start();
            lane.awaitFinished(ids);
            assertAllGoOut(lane, port, ids);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static JMSContext connect(int port) {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext();
    }

    /** Puts messages into the queue, of which every other one will be dead; returns their ids. */
    private static Set<String> ask(TestLane lane, int port, String prefix) throws JMSException {
        Set<String> ids = new HashSet<>();
        try (JMSContext jms = connect(port)) {
            for (int i = 0; i < 40; i++) {
                String id = prefix + i;
                TextMessage message = jms.createTextMessage(lane.send("room-" + id, i % 2 == 0 ? "gone" : "x")
                        .put("id", id)
                        .toString());
                message.setJMSReplyTo(jms.createQueue("answers"));
                message.setJMSCorrelationID(id);
                jms.createProducer().send(jms.createQueue("switchboard.messages"), message);
                ids.add(id);
            }
        }
        return ids;
    }

    /** What was being sent at a kill is uncertain, and its dead letter lies with those. */
    private static void assertAllGoOut(TestLane lane, int port, Set<String> asked) throws JMSException {
        Set<String> dead = ids(lane, "dead");
        Set<String> uncertain = ids(lane, "uncertain");
        assertThat(dead.size() + uncertain.size()).isGreaterThanOrEqualTo(asked.size() / 2);
        try (JMSContext jms = connect(port)) {
            assertThat(taken(jms, "answers", asked)).isEqualTo(asked);
            assertThat(taken(jms, "dead-letter.happytalk.gone", dead)).isEqualTo(dead);
            assertThat(taken(jms, "dead-letter.happytalk.uncertain", uncertain)).isEqualTo(uncertain);
        }
    }

    private static Set<String> ids(TestLane lane, String state) {
        return lane.messages(state).stream()
                .map(message -> message.path("id").asText())
                .collect(toSet());
    }

    /** Takes until everything that is wanted has come, or nothing comes any more. */
    private static Set<String> taken(JMSContext jms, String queue, Set<String> wanted) throws JMSException {
        Set<String> taken = new HashSet<>();
        try (JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
            while (!taken.containsAll(wanted)) {
                Message message = consumer.receive(15_000);
                if (message == null) {
                    break;
                }
                var view = new RestClient.Answer(
                        0,
                        java.net.http.HttpHeaders.of(java.util.Map.of(), (a, b) -> true),
                        message.getBody(String.class));
                taken.add(view.json().path("id").asText());
            }
        }
        return taken;
    }
}
