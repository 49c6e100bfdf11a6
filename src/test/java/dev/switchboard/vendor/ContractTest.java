package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the contract scenarios of all vendors: message in by REST, requests out over real sockets, outcome. */
@QuarkusTest
@QuarkusTestResource(value = ContractStage.class, restrictToAnnotatedClass = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, CompletableFuture<HttpResponse<String>>> submitted = new ConcurrentHashMap<>();

    /** For all together: one fault of the core's keeps many waiting, and not each in its turn. */
    private final long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();

    @Plays
    List<ContractStage.Play> plays = List.of();

    @TestHTTPResource("/messages")
    URI messages = URI.create("");

    List<ContractStage.Play> plays() {
        return plays;
    }

    /** All at once: each has a lane of its own, and most of the time is spent waiting. */
    @BeforeAll
    void submitAll() {
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("plays")
    void theVendorSeesTheseRequestsAndTheMessageHasThisOutcome(ContractStage.Play play) throws IOException {
        JsonNode outcome =
                outcome(Objects.requireNonNull(submitted.get(play.toString())).join());

        assertThat(play.requests())
                .as("%s", play)
                .allSatisfy(request -> assertThat(
                                Expectation.differences(play.scenario().request(), request))
                        .isEmpty());
        assertThat(Expectation.differences(play.scenario().outcome(), outcome, play.requests()))
                .as("%s%n%s", play, outcome.toPrettyString())
                .isEmpty();
    }

    /** The view of the finished message, or the problem where it was not taken. */
    private JsonNode outcome(HttpResponse<String> answer) throws IOException {
        JsonNode taken = JSON.readTree(answer.body());
        if (answer.statusCode() >= 400) {
            return taken;
        }
        URI view = messages.resolve("/messages/" + taken.path("id").asText());
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(remaining())
                .until(() -> get(view), seen -> seen.has("finishedAt"));
    }

    private Duration remaining() {
        return Duration.ofNanos(
                Math.max(deadline - System.nanoTime(), Duration.ofMillis(100).toNanos()));
    }

    @Test
    void noTwoScenariosShareAName() {
        assertThat(plays.stream().map(ContractStage.Play::scenario).map(s -> s.vendor() + "/" + s.account()))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    private JsonNode get(URI view) throws IOException, InterruptedException {
        return JSON.readTree(http.send(HttpRequest.newBuilder(view).build(), BodyHandlers.ofString())
                .body());
    }
}
