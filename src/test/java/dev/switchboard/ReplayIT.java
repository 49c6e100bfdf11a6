package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Dead letters of a running bus that are sent again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Answer NO_ROOM = Answer.of(200, "{\"code\":\"-702\",\"message\":\"NotRoom\"}");

    private final LaneBus bus;
    private final TestLane dry;
    private final TestLane cut;
    private final TestLane token;

    ReplayIT() throws IOException {
        bus = new LaneBus("replay", StoreKind.SQLITE);
        dry = bus.lane("dry", "rate", "1/m");
        cut = bus.lane("cut");
        token = bus.lane("token");
    }

    @BeforeAll
    void start() throws IOException {
        bus.start();
    }

    @AfterAll
    void stop() {
        bus.close();
    }

    /** Returns the ids of messages that the vendor has refused. */
    private static List<String> deadLetters(TestLane lane, int count) {
        lane.traffic().answer(request -> NO_ROOM);
        List<String> ids = IntStream.range(0, count)
                .mapToObj(i -> lane.submit(lane.send("room-" + i, "=text " + i)))
                .toList();
        await("dead letters").atMost(LIMIT).until(() -> lane.messages("dead").size() == count);
        return ids;
    }

    private static JsonNode answer(RestClient.Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.json();
    }

    private static ObjectNode wanted(TestLane lane) {
        ObjectNode wanted = RestClient.JSON.createObjectNode();
        wanted.putObject("filter").put("account", lane.view().path("account").asText());
        return wanted;
    }

    /** The lane's one permit of the minute is spent, and its vendor counts. */
    @Test
    void aDryRunShowsWhatWasAndWouldBeSentAndConnectsToNobody() {
        String id = deadLetters(dry, 1).get(0);
        JsonNode run = answer(
                dry.rest()
                        .post(
                                "/dead-letters/replay",
                                wanted(dry).put("dryRun", true).toString()),
                200);
        assertThat(run.path("total").asInt()).isEqualTo(1);
        JsonNode message = run.path("messages").path(0);
        assertThat(message.at("/sent/body").asText()).contains("=text 0");
        assertThat(message.at("/wouldSend/request")).isEqualTo(message.path("sent"));
        JsonNode one = answer(dry.rest().post("/messages/" + id + "/replay?dryRun=true", ""), 200);
        assertThat(one.path("messages").path(0)).isEqualTo(message);
        JsonNode edited = answer(
                dry.rest()
                        .post(
                                "/messages/" + id + "/replay?dryRun=true",
                                dry.send("room-9", "mended").toString()),
                200);
        assertThat(edited.at("/messages/0/wouldSend/request/body").asText()).contains("mended", "room-9");
        assertThat(edited.at("/messages/0/sent")).isEqualTo(message.path("sent"));
        assertThat(run.toString() + one + edited).doesNotContain("secret-of-dry");
        assertThat(dry.traffic().count()).as("one request, of the attempt").isEqualTo(1);
        assertThat(dry.message(id).path("attempts")).hasSize(1);
        assertThat(dry.state(id)).isEqualTo("dead");
        assertThat(dry.circuit("biz").path("state").asText()).isEqualTo("closed");
    }

    @Test
    void aDryRunKeepsToTheCutoffAndToDeadLetters() {
        deadLetters(cut, 1);
        ObjectNode early = wanted(cut).put("dryRun", true).put("cutoff", "2001-01-01T00:00:00Z");
        JsonNode none = answer(cut.rest().post("/dead-letters/replay", early.toString()), 200);
        assertThat(none.path("total").asInt()).isZero();
        assertThat(none.path("messages")).isEmpty();
        String waiting = cut.submit(cut.send("later", "x").put("notBefore", "2999-01-01T00:00:00Z"));
        answer(cut.rest().post("/messages/" + waiting + "/replay?dryRun=true", ""), 409);
        answer(cut.rest().post("/messages/" + waiting + "/replay?dryRun=perhaps", ""), 422);
    }

    /** HappyTalk's token for transcripts is a field of the body. */
    @Test
    void aDryRunShowsNoTokenOfABody() {
        token.pause();
        String id = token.submit(token.transcript("room").put("expiresAt", soon()));
        token.rest().finished(id);
        token.resume();
        JsonNode preview = answer(token.rest().post("/messages/" + id + "/replay?dryRun=true", ""), 200);
        assertThat(preview.at("/messages/0/wouldSend/request/body").asText()).contains("room");
        assertThat(preview.toString()).doesNotContain("token-of-token");
        assertThat(preview.at("/messages/0").has("sent")).isFalse();
    }

    private static String soon() {
        return java.time.Instant.now().plusSeconds(1).toString();
    }
}
