package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import dev.switchboard.RestClient.Answer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages for the conversation that another one begins, by REST and with the vendors' stand-ins. */
@QuarkusTest
@TestProfile(BusProfile.class)
class ConversationOfBusTest {

    @TestHTTPResource("/")
    URI base;

    private RestClient bus;
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    /** What it is for may have ended by then, and it with that. */
    private void submit(ObjectNode message) {
        Answer answer = bus.submit(message);
        assertThat(answer.status()).as(answer.text()).isIn(200, 202);
    }

    private ObjectNode message(String id, String vendor, String operation) {
        return RestClient.JSON
                .createObjectNode()
                .put("id", id + "-" + run)
                .put("vendor", vendor)
                .put("operation", operation);
    }

    private ObjectNode following(String id, String vendor, String operation, String start) {
        return message(id, vendor, operation).put("conversationOf", start + "-" + run);
    }

    private JsonNode finished(String id) {
        return bus.finished(id + "-" + run);
    }

    private String state(String id) {
        return bus.get("/messages/" + id + "-" + run).json().path("state").asText();
    }

    @Test
    void aConversationIsBegunAndGoesOnInOrder() {
        ObjectNode early =
                following("t-too-early", "thulium", "send", "t-start").put("text", "Nobody is there yet");
        Answer over = bus.submit(early);
        assertThat(over.status()).isEqualTo(200);
        assertThat(over.json().path("state").asText()).isEqualTo("dead");
        submit(message("t-start", "thulium", "start").put("queue", "sales").put("customerId", run));
        List<String> rest = List.of("t-1", "t-2", "t-3");
        rest.forEach(id -> submit(following(id, "thulium", "send", "t-start").put("text", id)));
        submit(following("t-end", "thulium", "end", "t-start"));
        String conversation = finished("t-start").at("/result/conversationId").asText();
        assertThat(conversation).isEqualTo("chat-sales-" + run);
        Instant before = Instant.MIN;
        for (String id : List.of("t-1", "t-2", "t-3", "t-end")) {
            JsonNode view = finished(id);
            assertThat(view.path("state").asText()).isEqualTo("delivered");
            assertThat(view.path("conversationId").asText()).isEqualTo(conversation);
            assertThat(Instant.parse(view.path("finishedAt").asText())).isAfterOrEqualTo(before);
            before = Instant.parse(view.path("finishedAt").asText());
        }
        assertThat(over.json().at("/failure/meaning").asText())
                .isEqualTo("There is no message t-start-" + run + ", whose conversation it is for.");
    }

    @Test
    void whatWaitsForAnUncertainStartGoesOnWhenSomebodyNamesTheConversation() {
        submit(message("h-start", "happytalk", "start")
                .put("customerId", "mina88")
                .put("title", "drop-" + run));
        assertThat(finished("h-start").path("state").asText()).isEqualTo("uncertain");
        submit(following("h-end", "happytalk", "end", "h-start").put("customerId", "mina88"));
        assertThat(state("h-end")).isEqualTo("accepted");
        String resolve = "/messages/h-start-" + run + "/resolve";
        assertThat(bus.post(resolve, "{\"conversation\":\"room-9\"}").status()).isEqualTo(422);
        Answer resolved = bus.post(resolve, "{\"conversationId\":\"room-9\"}");
        assertThat(resolved.json().at("/result/conversationId").asText()).isEqualTo("room-9");
        assertThat(finished("h-end").path("conversationId").asText()).isEqualTo("room-9");
        assertThat(bus.get("/messages?conversation=room-9").json().path("messages"))
                .extracting(each -> each.path("id").asText())
                .containsExactly("h-end-" + run, "h-start-" + run);
    }

    @Test
    void whatFollowedARefusedStartIsMendedByItsConversation() {
        submit(message("d-start", "thulium", "start").put("queue", "fail-400-" + run));
        submit(following("d-end", "thulium", "end", "d-start"));
        JsonNode dead = finished("d-end");
        assertThat(dead.at("/failure/class").asText()).isEqualTo("gone");
        Answer preview = bus.post("/messages/d-end-" + run + "/replay?dryRun=true", "");
        assertThat(preview.json().at("/messages/0/wouldSend/failure").asText())
                .isEqualTo("It is for the conversation that d-start-" + run + " begins.");
        ObjectNode edited = following("d-end-edited", "thulium", "end", "d-start");
        edited.remove("conversationOf");
        edited.put("conversationId", "c-" + run);
        Answer sent = bus.post("/messages/d-end-" + run + "/replay", edited.toString());
        assertThat(sent.status()).as(sent.text()).isEqualTo(200);
        assertThat(finished("d-end-edited").path("state").asText()).isEqualTo("delivered");
    }
}
