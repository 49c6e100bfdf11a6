package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand senders that wait for outcomes, and other calls at the same time. */
class WaitersIT {

    private static final int WAITERS = 1_000;
    private static final int AT_ONCE = 50;
    private static final Duration MORE = Duration.ofMillis(50);

    @Test
    @Tag("soak")
    void aThousandWaitersSlowNoOtherCall() throws Exception {
        try (RunningBus bus =
                RunningBus.start(RunningBus.newFolder("waiters"), Map.of("switchboard.sandbox.enabled", "true"))) {
            RestClient rest = bus.rest();
            rest.post("/lanes/happytalk/default/pause", "{\"reason\":\"waiters\"}");
            slowest(rest);
            Duration alone = slowest(rest);
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                answers.add(client.sendAsync(
                        rest.request("/messages")
                                .POST(BodyPublishers.ofString(
                                        send("waiter-" + i, "x").toString()))
                                .header("Content-Type", "application/json")
                                .header("Prefer", "wait=60")
                                .build(),
                        BodyHandlers.ofString()));
                // a burst would make threads that stay for a minute without work
                int sent = i + 1;
                if (sent % AT_ONCE == 0) {
                    await().until(() -> depth(rest) >= sent);
                }
            }
            // whatever else the machine does makes some rounds slower; waiters that hold a thread make each of them
            // slower
            assertThat(Stream.generate(() -> slowest(rest)).limit(5).min(Comparator.naturalOrder()))
                    .get(InstanceOfAssertFactories.DURATION)
                    .isLessThan(alone.plus(MORE));
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            assertThat(bus.threads()).isLessThan(150);
            rest.post("/lanes/happytalk/default/resume", "");
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().body()).contains("\"state\":\"delivered\""));
        }
    }

    private static int depth(RestClient rest) {
        return rest.get("/lanes").json().path("lanes").findValuesAsText("depth").stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** Returns how long the slowest of 200 calls takes, but for two that a collection of garbage may have met. */
    private static Duration slowest(RestClient rest) {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long began = System.nanoTime();
            assertThat(rest.submit(send("r", "x").put("vendor", "nobody")).status())
                    .isEqualTo(422);
            times.add(Duration.ofNanos(System.nanoTime() - began));
        }
        return times.stream().sorted().toList().get(197);
    }
}
