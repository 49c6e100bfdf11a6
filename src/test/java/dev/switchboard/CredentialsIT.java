package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wrong credential in a file of the packaged program is corrected while it runs. */
@Execution(ExecutionMode.CONCURRENT)
class CredentialsIT {

    private static final String ACCOUNT = "switchboard.vendors.happytalk.accounts.default.";
    private static final String TOKEN = ACCOUNT + "token";
    private static final String RESUME = "/lanes/happytalk/default/resume";

    private final FakeVendor vendor = FakeVendor.start()
            .answerBy(request -> request.path().contains("chat_data")
                    ? Answer.of(
                            200,
                            request.body().contains("\"right-token\"")
                                    ? "{\"result\":\"success\",\"data\":[]}"
                                    : "{\"result\":\"fail\",\"code\":-501,\"message\":\"token\"}")
                    : Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}"));

    @AfterEach
    void stop() {
        vendor.close();
    }

    /** Where an operator may keep a secret. */
    enum Place {
        SETTINGS {
            @Override
            Map<String, String> put(Path folder, String token) {
                return Map.of(TOKEN, token);
            }
        },
        LOCATION {
            @Override
            Map<String, String> put(Path folder, String token) throws IOException {
                Path file = folder.resolve("secrets.properties");
                Files.writeString(file, TOKEN + "=${of.the.team}\nof.the.team=" + token);
                return Map.of("quarkus.config.locations", file.toUri().toString());
            }
        },
        FILE_OF_ITS_OWN {
            @Override
            Map<String, String> put(Path folder, String token) throws IOException {
                Path secrets = Files.createDirectories(folder.resolve("secrets"));
                Files.writeString(secrets.resolve(TOKEN), token + "\n");
                return Map.of("smallrye.config.source.file.locations", secrets.toString());
            }
        };

        /** Puts the token there, and returns what the settings have to say of it. */
        abstract Map<String, String> put(Path folder, String token) throws IOException;
    }

    private Map<String, String> settings(Place place, Path folder, String token) throws IOException {
        var settings = new HashMap<>(place.put(folder, token));
        settings.put(ACCOUNT + "biz-url", vendor.url());
        settings.put(ACCOUNT + "customer-url", vendor.url());
        settings.put(ACCOUNT + "client-id", "id-1");
        settings.put(ACCOUNT + "client-secret", "secret-1");
        return settings;
    }

    private static void submitTranscript(RestClient rest, String id) {
        var message = RestClient.JSON
                .createObjectNode()
                .put("id", id)
                .put("vendor", "happytalk")
                .put("operation", "transcript")
                .put("conversationId", "room-" + id);
        assertThat(rest.submit(message).status()).isEqualTo(202);
    }

    private static JsonNode circuit(RestClient rest) {
        JsonNode circuits = rest.get("/lanes").json().at("/lanes/0/circuits");
        return circuits.path(circuits.path(0).path("api").asText().equals("customer") ? 0 : 1);
    }

    /** Sends transcripts one after the other until the circuit is stopped; the first is dead, the others wait. */
    private static void stopCircuit(RestClient rest) {
        submitTranscript(rest, "first");
        assertThat(rest.finished("first").at("/failure/class").asText()).isEqualTo("unauthorized");
        for (String id : List.of("second", "third", "fourth")) {
            submitTranscript(rest, id);
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> circuit(rest).path("state").asText().equals("stopped"));
        assertThat(circuit(rest).path("setting").asText()).isEqualTo("token");
    }

    private static void assertOthersPass(RestClient rest) {
        var sent = rest.submit(RestClient.send("room", "x"), "Prefer", "wait=10");
        assertThat(sent.json().path("state").asText()).isEqualTo("delivered");
    }

    @ParameterizedTest
    @EnumSource(names = {"SETTINGS", "FILE_OF_ITS_OWN"})
    void whatAStoppedCircuitHeldBackIsDeliveredWhenTheFileIsCorrected(Place place) throws Exception {
        stopCorrectAndResume(place);
    }

    @Test
    @Tag("soak")
    void aFurtherFileOfSettingsIsReadAgainToo() throws Exception {
        stopCorrectAndResume(Place.LOCATION);
    }

    private void stopCorrectAndResume(Place place) throws Exception {
        Path folder = RunningBus.newFolder("credentials");
        try (RunningBus bus = RunningBus.start(folder, settings(place, folder, "wrong-token"))) {
            RestClient rest = bus.rest();
            stopCircuit(rest);
            assertOthersPass(rest);
            int before = vendor.requests().size();
            bus.writeSettings(settings(place, folder, "right-token"));
            assertThat(rest.post(RESUME, "").status()).isEqualTo(200);
            for (String id : List.of("second", "third", "fourth")) {
                assertThat(rest.finished(id).path("state").asText()).isEqualTo("delivered");
                assertThat(rest.get("/messages/" + id).text()).doesNotContain("right-token", "wrong-token");
            }
            assertThat(vendor.requests().subList(before, vendor.requests().size()))
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request.body()).contains("\"right-token\""));
            assertThat(circuit(rest).path("state").asText()).isEqualTo("closed");
            await().atMost(Duration.ofSeconds(10)).until(() -> bus.log().contains("circuit-closed"));
            assertThat(bus.log())
                    .containsOnlyOnce("{\"event\":\"circuit-stopped\",\"vendor\":\"happytalk\",\"account\":\"default\"")
                    .contains("\"settings\":[\"token\"]")
                    .containsOnlyOnce("circuit-closed")
                    .doesNotContain("right-token", "wrong-token");
        }
    }

    @Test
    void whileASettingIsWrongALaneIsNotResumedAndNoFileIsQuoted() throws Exception {
        Path folder = RunningBus.newFolder("credentials");
        try (RunningBus bus = RunningBus.start(folder, settings(Place.SETTINGS, folder, "right-token"))) {
            RestClient rest = bus.rest();
            assertThat(rest.post("/lanes/happytalk/default/pause", "").status()).isEqualTo(200);
            for (String wrong : List.of("s3cret\u0001value", "")) {
                bus.writeSettings(settings(Place.SETTINGS, folder, wrong));
                assertRefused(bus, TOKEN);
            }
            Path properties = folder.resolve("config/application.properties");
            Files.writeString(properties, TOKEN + "=s3cret\\u12");
            assertRefused(bus, "Malformed");
            Files.delete(properties);
            Path yaml = Files.writeString(folder.resolve("config/application.yaml"), "a: [s3cret");
            assertRefused(bus, "a file of settings cannot be read");
            Files.delete(yaml);
            assertThat(rest.get("/lanes").json().at("/lanes/0/state").asText()).isEqualTo("paused");
            assertThat(rest.get("/lanes").json().at("/intakes/2/state").asText())
                    .as("no broker")
                    .isEqualTo("off");
            bus.writeSettings(settings(Place.SETTINGS, folder, "right-token"));
            assertThat(rest.post(RESUME, "").json().path("state").asText()).isEqualTo("running");
        }
    }

    private static void assertRefused(RunningBus bus, String says) throws IOException {
        var answer = bus.rest().post(RESUME, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.json().path("title").asText()).contains(says);
        assertThat(bus.log()).contains(says);
        assertThat(answer.text() + bus.log()).doesNotContain("s3cret", "\tat ");
    }
}
