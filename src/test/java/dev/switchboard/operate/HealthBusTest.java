package dev.switchboard.operate;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.LogLines;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(BusProfile.class)
class HealthBusTest {

    private static final String LANE = "happytalk/chat-only";

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    CamelContext camel;

    private RestClient bus;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    private RestClient.Answer health(String kind) {
        return new RestClient(management).get("/health/" + kind);
    }

    private JsonNode lanes() {
        RestClient.Answer answer = health("ready");
        assertThat(answer.status()).isEqualTo(200);
        for (JsonNode check : answer.json().path("checks")) {
            if (check.path("name").asText().equals("store and lanes")) {
                return check.path("data");
            }
        }
        return fail(answer.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void aBusThatRunsIsUp(String kind) {
        RestClient.Answer answer = health(kind);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("status").asText()).isEqualTo("UP");
    }

    @Test
    void startedIsWhenTheRoutesRun() {
        assertThat(health("started").json().path("checks").findValuesAsText("name"))
                .contains("routes");
    }

    @Test
    void aPausedLaneIsShownWithItsReasonAndTheBusIsReady() {
        bus.post("/lanes/" + LANE + "/pause", "{\"reason\":\"a new password is on its way\"}");
        try {
            assertThat(lanes().path(LANE).asText()).startsWith("paused: a new password is on its way");
        } finally {
            bus.post("/lanes/" + LANE + "/resume", "{}");
        }
        assertThat(lanes().path(LANE).asText()).startsWith("running");
    }

    /** The address of that account refuses connections. */
    @Test
    void anOpenCircuitIsShownWithItsReasonAndTheBusIsReady() {
        IntStream.range(0, 6).mapToObj(i -> message("room-" + i)).forEach(bus::submit);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> lanes().path(LANE).asText(), text -> text.contains("circuit biz is open: "));
    }

    private static ObjectNode message(String conversation) {
        return send(conversation, "hello").put("account", "chat-only");
    }

    @Test
    void eachIntakeIsShown() {
        bus.finished(bus.submit(send("intakes", "x")).json().path("id").asText());
        JsonNode intakes = bus.get("/lanes").json().path("intakes");
        assertThat(intakes)
                .hasSize(3)
                .allSatisfy(intake -> assertThat(intake.path("state").asText()).isEqualTo("running"));
        assertThat(intakes.path(0).path("name").asText()).isEqualTo("rest");
        assertThat(intakes.path(0).path("lastMessage").asText()).isNotEmpty();
        assertThat(lanes().path("intake queue").asText()).isEqualTo("running");
    }

    /** It may be moved, or its disk may not be mounted. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInboxThatIsGoneIsShownUntilItIsBack(boolean replaced) throws IOException {
        Path inbox = Path.of(BusProfile.folder(), "files", "inbox");
        Path away = Files.move(inbox, inbox.resolveSibling("away-" + System.nanoTime()));
        try {
            if (replaced) {
                Files.writeString(inbox, "");
            }
            await("the reason")
                    .until(() -> lanes().path("intake file").asText(), text -> text.startsWith("failing: There is no"));
            JsonNode shown = bus.get("/lanes").json().at("/intakes/1");
            assertThat(shown.path("state").asText()).isEqualTo("failing");
            assertThat(shown.path("why").asText()).contains(inbox.toString());
        } finally {
            Files.deleteIfExists(inbox);
            Files.move(away, inbox);
        }
        await("its end").until(() -> lanes().path("intake file").asText().equals("running"));
        String id = "inbox-" + System.nanoTime();
        Files.writeString(
                inbox.resolve(id + ".jsonl"), send("inbox", "x").put("id", id).toString());
        assertThat(bus.finished(id).path("state").asText()).isEqualTo("delivered");
    }

    /** What has been read was read again four times a second, and the log filled with stack traces. */
    @ParameterizedTest
    @ValueSource(strings = {"done", "results"})
    void aFolderThatCannotBeWrittenIsShownAndHoldsFilesBack(String name) throws IOException {
        Path folder = Path.of(BusProfile.folder(), "files", name);
        Path away = Files.move(folder, folder.resolveSibling("away-" + System.nanoTime()));
        String id = name + "-" + System.nanoTime();
        try (var log = new LogLines()) {
            Files.writeString(folder, "");
            Files.writeString(
                    folder.resolveSibling("inbox/quick/" + id + ".jsonl"),
                    send("inbox", "x").put("id", id).toString());
            await("the reason")
                    .until(() -> lanes().path("intake file").asText(), text -> text.contains(folder.toString()));
            await("the taking").until(() -> Files.exists(folder.resolveSibling("working/quick/" + id + ".jsonl")));
            assertThat(log.lines()).noneMatch(line -> line.contains("\tat "));
        } finally {
            Files.deleteIfExists(folder);
            Files.move(away, folder);
        }
        assertThat(bus.finished(id).path("state").asText()).isEqualTo("delivered");
        await("its end").until(() -> lanes().path("intake file").asText().equals("running"));
    }

    @Test
    void anIntakeThatIsSuspendedIsShownWithTheReason() throws Exception {
        camel.getRouteController().suspendRoute("queue");
        try {
            assertThat(lanes().path("intake queue").asText()).startsWith("suspended: The route queue does not run.");
        } finally {
            camel.getRouteController().resumeRoute("queue");
        }
        assertThat(lanes().path("intake queue").asText()).isEqualTo("running");
    }
}
