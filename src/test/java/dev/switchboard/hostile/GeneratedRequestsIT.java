package dev.switchboard.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated requests against the packaged bus: few of them in each build, as many as {@code -Dswitchboard.test.requests=100000}
 * says by hand, with {@code -Dswitchboard.test.seed} others.
 */
class GeneratedRequestsIT {

    private static final long SEED = Long.getLong("switchboard.test.seed", 20261121);
    private static final int CALLERS = 4;
    private static final int PARTS = 5;
    private static final Pattern TRACE =
            Pattern.compile("\\bat [a-z]+(\\.\\w+)+\\(|Exception\\b|\\bdev\\.switchboard\\.\\w");

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Integer, AtomicInteger> statuses = new TreeMap<>();

    @Test
    void hostileRequestsAreAnsweredAndLeaveTheBusAsItWas() throws Exception {
        play(600);
    }

    @Test
    @Tag("soak")
    void manyHostileRequestsAreAnsweredAndLeaveTheBusAsItWas() throws Exception {
        play(Integer.getInteger("switchboard.test.requests", 10_000));
    }

    private void play(int requests) throws Exception {
        try (RunningBus bus = RunningBus.start(
                RunningBus.newFolder("generated"),
                Map.of("switchboard.sandbox.enabled", "true", "switchboard.lane.timeout", "2s"))) {
            int port = URI.create(bus.rest().base()).getPort();
            send(port, SEED, requests / 4);
            long memory = bus.memory("VmRSS");
            int files = bus.openFiles();
            int threads = bus.threads();
            long began = System.nanoTime();
            for (int part = 1; part <= PARTS; part++) {
                send(port, SEED + (long) part * CALLERS, requests * 3 / 4 / PARTS);
                assertServes(bus);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "hostile requests: %d, seed %d, %.0f a second, statuses %s, RSS %d then %d MB, open files %d then %d%n",
                    requests,
                    SEED,
                    requests * 0.75 / seconds,
                    statuses,
                    memory,
                    bus.memory("VmRSS"),
                    files,
                    bus.openFiles());
            assertThat(wrong).isEmpty();
            assertThat(bus.memory("VmRSS")).isLessThan(memory + 150);
            assertThat(bus.openFiles()).isLessThan(files + 40);
            assertThat(bus.threads()).isLessThan(threads + 60);
            assertThat(bus.log()).doesNotContain("\tat ");
        }
    }

    /** What is good and comes behind is delivered within a second, once the machine is not busy, and health says that all is well. */
    private static void assertServes(RunningBus bus) throws IOException {
        RestClient rest = bus.rest();
        rest.post("/lanes/happytalk/default/resume", "");
        await("delivered within a second").atMost(Duration.ofSeconds(10)).until(() -> {
            long began = System.nanoTime();
            var sent = rest.submit(RestClient.send("after", "text"), "Prefer", "wait=20");
            assertThat(sent.json().path("state").asText()).as(sent.text()).isEqualTo("delivered");
            return System.nanoTime() - began < 1_000_000_000L;
        });
        assertThat(bus.management().get("/q/health/live").status()).isEqualTo(200);
    }

    private void send(int port, long seed, int count) throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            var hostility = new Hostility(seed + i);
            var thread = new Thread(() -> call(port, hostility, count / CALLERS));
            thread.start();
            callers.add(thread);
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void call(int port, Hostility hostility, int count) {
        try (var wire = new Wire(port)) {
            for (int i = 0; i < count; i++) {
                byte[] request = hostility.next();
                try {
                    judge(request, wire.ask(request));
                } catch (IOException e) {
                    wrong.add("no answer (" + e + ") to " + shown(request));
                    wire.drop();
                }
            }
        } catch (IOException e) {
            wrong.add(e.toString());
        }
    }

    private void judge(byte[] request, Wire.Answer answer) {
        count(answer.status());
        boolean deliberate = answer.status() == 503 && answer.head().contains("Retry-After");
        if (answer.status() >= 500 && !deliberate) {
            wrong.add(answer.status() + " " + answer.body() + " to " + shown(request));
        }
        boolean ours = answer.isProblem() || answer.status() >= 400;
        if (ours && TRACE.matcher(answer.body()).find()) {
            wrong.add("a trace: " + answer.body() + " to " + shown(request));
        }
    }

    private synchronized void count(int status) {
        statuses.computeIfAbsent(status, any -> new AtomicInteger()).incrementAndGet();
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        return text.substring(0, Math.min(1_000, text.length()));
    }
}
