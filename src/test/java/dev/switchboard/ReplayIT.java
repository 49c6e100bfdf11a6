package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
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
    private final TestLane slow;
    private final TestLane ramp;
    private final TestLane relapsing;
    private final TestLane given;
    private final TestLane file;

    ReplayIT() throws IOException {
        bus = new LaneBus("replay", StoreKind.SQLITE);
        dry = bus.lane("dry", "rate", "1/m");
        cut = bus.lane("cut");
        token = bus.lane("token");
        slow = bus.lane("slow");
        ramp = bus.lane("ramp");
        relapsing = bus.lane("relapsing");
        given = bus.lane("given");
        file = bus.lane("file");
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
                                dry.send("room-9", "edited").toString()),
                200);
        assertThat(edited.at("/messages/0/wouldSend/request/body").asText()).contains("edited", "room-9");
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
        return Instant.now().plusSeconds(1).toString();
    }

    /** Begins a run, and returns its address. */
    private static String begin(TestLane lane, ObjectNode wanted) {
        RestClient.Answer begun = lane.rest().post("/dead-letters/replay", wanted.toString());
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        return begun.header("Location").replaceFirst(".*(?=/replays/)", "");
    }

    private static JsonNode ended(TestLane lane, String run) {
        return await("the end of " + run)
                .atMost(LIMIT)
                .until(
                        () -> lane.rest().get(run).json(),
                        view -> !view.path("state").asText().equals("running"));
    }

    private static long[] timesAfter(TestLane lane, int first) {
        long[] times = lane.traffic().times();
        return Arrays.copyOfRange(times, first, times.length);
    }

    private static Duration length(long[] times) {
        return Duration.ofNanos(times[times.length - 1] - times[0]);
    }

    @Test
    void aRunKeepsToItsRate() {
        deadLetters(slow, 16);
        slow.traffic().doneAfter(Duration.ZERO);
        JsonNode run = ended(slow, begin(slow, wanted(slow).put("rate", "5/s")));
        assertThat(run.path("state").asText()).isEqualTo("finished");
        assertThat(run.path("delivered").asInt()).isEqualTo(16);
        long[] times = timesAfter(slow, 16);
        assertThat(times).hasSize(16);
        assertThat(length(times)).isGreaterThan(Duration.ofMillis(2_500));
        assertThat(Windows.most(times, Duration.ofSeconds(1))).isLessThanOrEqualTo(8);
    }

    @Test
    void aRampBeginsWithOneASecondAndClimbs() {
        deadLetters(ramp, 14);
        ramp.traffic().doneAfter(Duration.ZERO);
        String address = begin(ramp, wanted(ramp).put("ramp", true));
        assertThat(ramp.rest().get(address).json().path("rateNow").asDouble()).isEqualTo(1);
        await("the next stage")
                .atMost(LIMIT)
                .until(() -> ramp.rest().get(address).json().path("rateNow").asDouble() >= 2);
        assertThat(ended(ramp, address).path("delivered").asInt()).isEqualTo(14);
        long[] times = timesAfter(ramp, 14);
        assertThat(length(Arrays.copyOf(times, 5))).isGreaterThan(Duration.ofSeconds(3));
        assertThat(length(times)).isLessThan(Duration.ofSeconds(13));
    }

    @Test
    void aRunWhoseMessagesRelapseStopsByItself() {
        deadLetters(relapsing, 60);
        JsonNode run = ended(
                relapsing,
                begin(relapsing, wanted(relapsing).put("rate", "10/s").put("stopAt", 0.5)));
        assertThat(run.path("state").asText()).isEqualTo("stopped");
        assertThat(run.path("why").asText()).isNotEmpty();
        assertThat(run.path("relapsed").asInt()).as("half of at least ten").isGreaterThanOrEqualTo(5);
        assertThat(run.path("replayed").asInt()).isLessThan(60);
        relapsing.awaitEmpty(LIMIT);
        assertThat(relapsing.traffic().count())
                .isEqualTo(60
                        + relapsing
                                .rest()
                                .get("/replays/" + run.path("id").asText())
                                .json()
                                .path("replayed")
                                .asInt());
        assertThat(relapsing.messages("dead")).hasSize(60);
    }

    @Test
    void aCancelledRunSendsNoMore() {
        deadLetters(given, 30);
        given.traffic().doneAfter(Duration.ZERO);
        String address = begin(given, wanted(given).put("rate", "4/s"));
        given.awaitRequests(32);
        JsonNode cancelled = answer(given.rest().post(address + "/cancel", ""), 200);
        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        given.awaitEmpty(LIMIT);
        int sent = given.traffic().count();
        await("a second without a request")
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(3))
                .until(() -> given.traffic().count() == sent);
        assertThat(given.messages("dead")).hasSize(60 - sent);
        answer(given.rest().post(address + "/cancel", ""), 409);
    }

    @Test
    void deadLettersAreFetchedAsAFile() {
        List<String> ids = deadLetters(file, 3);
        RestClient.Answer csv = file.rest().get("/dead-letters?account=file&format=csv");
        assertThat(csv.status()).isEqualTo(200);
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains("attachment", "dead-letters", ".csv");
        List<String> rows = csv.text().strip().lines().toList();
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0)).contains("id,vendor,account");
        assertThat(rows.get(1)).contains(ids.get(2), "'=text 2").doesNotContain(",=text");
        RestClient.Answer lines = file.rest().get("/dead-letters?account=file&format=jsonl&limit=2");
        assertThat(lines.header("Content-Type")).startsWith("application/jsonl");
        assertThat(lines.text()
                        .lines()
                        .map(line -> new RestClient.Answer(0, lines.headers(), line)
                                .json()
                                .path("id")
                                .asText()))
                .containsExactly(ids.get(2), ids.get(1));
    }
}
