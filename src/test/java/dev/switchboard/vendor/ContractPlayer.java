package dev.switchboard.vendor;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Sends the messages of contract scenarios to a bus by REST, and reports outcomes that differ from the expected ones. */
final class ContractPlayer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, CompletableFuture<HttpResponse<String>>> submitted = new ConcurrentHashMap<>();
    private final URI messages;

    /** For all together: one fault of the core's keeps many waiting, and not each in its turn. */
    private final long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();

    /** All at once: each has a lane of its own, and most of the time is spent waiting. */
    ContractPlayer(URI messages, List<ContractStage.Play> plays) {
        this.messages = messages;
        plays.forEach(play -> submitted.put(play.toString(), submit(play.scenario())));
    }

    private CompletableFuture<HttpResponse<String>> submit(Scenario scenario) {
        HttpRequest request = HttpRequest.newBuilder(messages)
                .header("Content-Type", "application/json")
                .header("CamelHttpUri", "http://127.0.0.1:1/not-the-callers-to-say")
                .header("Cookie", "caller=1")
                .POST(HttpRequest.BodyPublishers.ofString(scenario.message().toString()))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    /** Returns the view of the finished message, or the problem where it was not taken. */
    JsonNode outcome(ContractStage.Play play) throws IOException {
        HttpResponse<String> answer =
                Objects.requireNonNull(submitted.get(play.toString())).join();
        JsonNode taken = JSON.readTree(answer.body());
        if (answer.statusCode() >= 400) {
            return taken;
        }
        URI view = messages.resolve("/messages/" + taken.path("id").asText());
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(remaining())
                .until(() -> get(view), seen -> seen.has("finishedAt"));
    }

    /** Returns what differs from the scenario, in each request and in the outcome. */
    static List<String> differences(ContractStage.Play play, JsonNode outcome) {
        List<String> differences = new ArrayList<>();
        JsonNode expected = play.scenario().request();
        List<Request> requests = play.requests();
        for (int i = 0; i < requests.size(); i++) {
            differences.addAll(
                    Expectation.differences(expected.isArray() ? expected.path(i) : expected, requests.get(i)));
        }
        differences.addAll(Expectation.differences(play.scenario().outcome(), outcome, play.requests()));
        return differences;
    }

    private Duration remaining() {
        return Duration.ofNanos(
                Math.max(deadline - System.nanoTime(), Duration.ofMillis(100).toNanos()));
    }

    private JsonNode get(URI view) throws IOException, InterruptedException {
        return JSON.readTree(http.send(HttpRequest.newBuilder(view).build(), BodyHandlers.ofString())
                .body());
    }
}
