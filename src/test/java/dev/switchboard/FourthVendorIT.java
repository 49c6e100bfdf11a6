package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A vendor that the program has never heard of comes as one folder, laid over the packaged routes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FourthVendorIT {

    private static final String KEY = "key-of-parley";

    private final FakeVendor parley = FakeVendor.start();
    private RunningBus bus;

    @BeforeAll
    void start() throws IOException {
        bus = RunningBus.start(
                RunningBus.newFolder("fourth-vendor"),
                Map.of(
                        "switchboard.routes.dir",
                        Path.of("src/test/resources/fourth-vendor")
                                .toAbsolutePath()
                                .toString(),
                        "switchboard.vendors.parley.accounts.crm.url",
                        parley.url() + "/proxy",
                        "switchboard.vendors.parley.accounts.crm.key",
                        KEY));
    }

    @AfterAll
    void stop() {
        bus.close();
        parley.close();
    }

    private JsonNode send(String message, int status) throws IOException {
        RestClient.Answer answer = bus.rest().post("/messages", message, "Prefer", "wait=20");
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain(KEY);
        return answer.json();
    }

    private static String line(String conversation, String text) {
        return RestClient.JSON
                .createObjectNode()
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
        parley.answerBy(request -> Answer.of(200, "{\"outcome\":\"ok\",\"id\":\"l-1\"}"));
        JsonNode view = send(line("a/b", "안녕😀"), 200);
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(view.path("result")).hasToString("{\"lineId\":\"l-1\"}");
        assertThat(parley.requests()).hasSize(before + 1);
        Request request = parley.requests().get(before);
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.path()).isEqualTo("/proxy/rooms/a%2Fb/lines");
        assertThat(request.body()).isEqualTo("{\"line\":\"안녕😀\"}");
        assertThat(request.header("X-Parley-Key")).contains(KEY);
        assertThat(request.header("Prefer")).isEmpty();
        assertThat(request.header("Authorization")).isEmpty();
    }

    @Test
    void itsFailCodeIsExplainedByItsTable() throws Exception {
        int before = parley.requests().size();
        parley.answerBy(request -> Answer.of(200, "{\"outcome\":\"E7\",\"why\":\"closed for the night\"}"));
        JsonNode view = send(line("c", "hello"), 200);
        assertThat(view.path("state").asText()).isEqualTo("dead");
        assertThat(view.path("failure"))
                .hasToString(
                        "{\"class\":\"gone\",\"api\":\"talk\",\"code\":\"E7\",\"message\":\"closed for the night\","
                                + "\"meaning\":\"The room is closed.\",\"deadLetter\":\"gone\"}");
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
