package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A vendor that the program has never heard of comes as one folder, laid over the packaged routes. */
@QuarkusTest
@TestProfile(FourthVendorTest.Profile.class)
class FourthVendorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "key-of-parley";

    public static class Profile implements QuarkusTestProfile {

        /** The settings are read before any test is made, so its port has to be known by then. */
        static final FakeVendor PARLEY = FakeVendor.start();

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                String data = Files.createTempDirectory("fourth-vendor").toString();
                return Map.of(
                        "quarkus.http.test-port",
                        "0",
                        "quarkus.management.test-port",
                        "0",
                        "switchboard.data-dir",
                        data,
                        "switchboard.files.dir",
                        data + "/files",
                        "switchboard.broker.url",
                        "none",
                        "switchboard.routes.dir",
                        "src/test/resources/fourth-vendor",
                        "switchboard.vendors.parley.accounts.crm.url",
                        PARLEY.url() + "/proxy",
                        "switchboard.vendors.parley.accounts.crm.key",
                        KEY);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @TestHTTPResource("/messages")
    @SuppressWarnings("NullAway.Init")
    URI messages;

    private final FakeVendor parley = Profile.PARLEY;

    @AfterAll
    static void stop() {
        Profile.PARLEY.close();
    }

    private JsonNode send(String message, int status) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(messages)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=20")
                .POST(HttpRequest.BodyPublishers.ofString(message))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain(KEY);
        return JSON.readTree(answer.body());
    }

    private static String line(String conversation, String text) {
        return JSON.createObjectNode()
                .put("vendor", "parley")
                .put("account", "crm")
                .put("operation", "send")
                .put("conversationId", conversation)
                .put("text", text)
                .toString();
    }

    @Test
    void itsMessageIsDeliveredAsItsFolderSays() throws Exception {
        int before = parley.requests().size();
        parley.enqueue(200, Map.of("Content-Type", "application/json"), "{\"outcome\":\"ok\",\"id\":\"l-1\"}");
        JsonNode view = send(line("a/b", "안녕😀"), 200);
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(view.path("result")).hasToString("{\"lineId\":\"l-1\"}");
        assertThat(parley.requests()).hasSize(before + 1);
        Request request = parley.requests().get(before);
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.path()).isEqualTo("/proxy/rooms/a%2Fb/lines");
        assertThat(request.body()).isEqualTo("{\"line\":\"안녕😀\"}");
        assertThat(request.headers())
                .containsEntry("X-Parley-Key", KEY)
                .doesNotContainKeys("Prefer", "Cookie", "Authorization");
    }

    @Test
    void itsFailCodeIsExplainedByItsTable() throws Exception {
        int before = parley.requests().size();
        parley.enqueue(200, Map.of(), "{\"outcome\":\"E7\",\"why\":\"closed for the night\"}");
        JsonNode view = send(line("c", "hello"), 200);
        assertThat(view.path("state").asText()).isEqualTo("dead");
        assertThat(view.path("failure"))
                .hasToString(
                        "{\"class\":\"gone\",\"api\":\"talk\",\"code\":\"E7\",\"message\":\"closed for the night\","
                                + "\"meaning\":\"The room is closed.\"}");
        assertThat(parley.requests()).hasSize(before + 1);
    }

    @Test
    void itsOwnLimitsAreCheckedAtIntake() throws Exception {
        int before = parley.requests().size();
        JsonNode problem = send(line("c", "too long"), 422);
        assertThat(problem.path("errors"))
                .hasToString("[{\"field\":\"text\",\"rule\":\"maxLength\",\"limit\":5,\"length\":8,"
                        + "\"detail\":\"has 8 characters, at most 5 are allowed\"}]");
        assertThat(parley.requests()).hasSize(before);
    }
}
