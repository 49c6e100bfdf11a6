package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What messages and lanes wait for, as a person sees it. */
@QuarkusTest
@TestProfile(BusProfile.class)
class WaitsBusTest {

    private static final Answer DONE = Answer.of(200, "{\"message_id\":\"1\"}");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static FakeVendor vendor;

    @TestHTTPResource("/")
    URI base;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private RestClient bus;
    private volatile Answer answer = DONE;

    @BeforeAll
    static void open() {
        vendor = FakeVendor.at(Integer.parseInt(BusProfile.vendorPort()));
    }

    @AfterAll
    static void close() {
        vendor.close();
    }

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
        vendor.answerBy(request -> answer);
    }

    /** Lets the lane's messages go, so that the next test begins with an empty lane and a closed circuit. */
    @AfterEach
    void empty() {
        answer = DONE;
        bus.post("/lanes/thulium/waits/resume", "");
    }

    private ObjectNode send(String account, String id, String conversation) {
        return RestClient.JSON
                .createObjectNode()
                .put("id", id + "-" + run)
                .put("vendor", "thulium")
                .put("account", account)
                .put("operation", "send")
                .put("conversationId", conversation + "-" + run)
                .put("text", "hello");
    }

    private void submit(ObjectNode message) {
        RestClient.Answer accepted = bus.submit(message);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    }

    private JsonNode waitingFor(String id) {
        return bus.get("/messages/" + id + "-" + run).json().path("waitingFor");
    }

    private JsonNode awaitReason(String id, String reason) {
        await(id + " waits for " + reason)
                .atMost(LIMIT)
                .until(() -> waitingFor(id).path("reason").asText(), reason::equals);
        return waitingFor(id);
    }

    private List<String> found(String filter) {
        JsonNode list = bus.get("/messages?" + filter).json().path("messages");
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path("id").asText())
                .filter(id -> id.endsWith(run))
                .map(id -> id.substring(0, id.length() - run.length() - 1))
                .toList();
    }

    private JsonNode lane(String account) {
        return StreamSupport.stream(bus.get("/lanes").json().path("lanes").spliterator(), false)
                .filter(lane -> lane.path("account").asText().equals(account))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheQueueKnowsIsShownWithWhatItWaitsFor() {
        answer = Answer.of(503);
        submit(send("waits", "first", "c"));
        JsonNode retry = awaitReason("first", "retry");
        assertThat(Instant.parse(retry.path("until").asText()))
                .isAfter(Instant.now().plusSeconds(1_000));
        submit(send("waits", "second", "c"));
        assertThat(awaitReason("second", "conversation").path("messageId").asText())
                .isEqualTo("first-" + run);
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        submit(send("waits", "later", "c").put("notBefore", tomorrow.toString()));
        assertThat(Instant.parse(waitingFor("later").path("until").asText()))
                .isBetween(tomorrow.minusSeconds(1), tomorrow.plusSeconds(1));
        ObjectNode start = send("waits", "start", "c");
        start.remove(List.of("conversationId", "text"));
        submit(start.put("operation", "start").put("queue", "q"));
        ObjectNode follows = send("waits", "follows", "c");
        follows.remove("conversationId");
        submit(follows.put("conversationOf", "start-" + run));
        assertThat(waitingFor("follows").toString())
                .isEqualTo("{\"reason\":\"start\",\"messageId\":\"start-" + run + "\"}");
        assertThat(found("waitingFor=retry&account=waits")).contains("first").doesNotContain("second", "later");
        assertThat(found("waitingFor=conversation")).containsExactly("second");
        assertThat(found("waitingFor=not-before&vendor=thulium")).containsExactly("later");
        assertThat(found("waitingFor=start&state=accepted")).containsExactly("follows");
        assertThat(found("waitingFor=circuit")).isEmpty();
        assertThat(bus.get("/messages?format=csv&account=waits&waitingFor=conversation")
                        .text())
                .contains("waitingFor.reason", ",conversation,");
        assertThat(bus.get("/messages?waitingFor=luck").status()).isEqualTo(422);
    }

    @Test
    void aVendorsRetryAfterIsToldFromTheScheduleOfTheBus() {
        answer = new Answer(429, Map.of("Retry-After", "3600"), "", Answer.Fault.NONE);
        submit(send("waits", "asked", "d"));
        JsonNode asked = awaitReason("asked", "retry-after");
        assertThat(Instant.parse(asked.path("until").asText()))
                .isAfter(Instant.now().plusSeconds(3_500));
    }

    @Test
    void aPausedLaneSaysByWhomAndWhy() {
        bus.post("/lanes/thulium/waits/pause", "{\"reason\":\"a new password\"}");
        submit(send("waits", "paused", "p"));
        assertThat(awaitReason("paused", "paused").path("why").asText()).isEqualTo("a new password");
        assertThat(lane("waits").at("/waitingFor/0/reason").asText()).isEqualTo("paused");
        assertThat(found("waitingFor=paused")).containsExactly("paused");
        assertThat(found("waitingFor=turn")).isEmpty();
    }

    @Test
    void aRateIsNamedWithItsNextStart() {
        submit(send("rated", "one", "r1"));
        submit(send("rated", "two", "r2"));
        String waits = waitingFor("one").isMissingNode() ? "two" : "one";
        JsonNode rate = awaitReason(waits, "rate");
        assertThat(rate.path("limit").asText()).isEqualTo("1/m");
        assertThat(Instant.parse(rate.path("until").asText()))
                .isBefore(Instant.now().plusSeconds(61));
        assertThat(lane("rated").at("/waitingFor/0/reason").asText()).isEqualTo("rate");
        assertThat(found("waitingFor=rate")).contains(waits);
    }

    @Test
    void anOpenCircuitSaysSinceWhenAndForWhichProbe() {
        answer = Answer.of(404);
        submit(send("waits", "gone", "g"));
        bus.finished("gone-" + run);
        answer = Answer.of(503);
        IntStream.range(0, 14).forEach(i -> submit(send("waits", "m" + i, "o" + i)));
        await().atMost(LIMIT).until(() -> lane("waits").at("/circuits/0/state").asText(), "open"::equals);
        JsonNode circuit = awaitReason("m13", "circuit");
        assertThat(circuit.path("api").asText()).isEqualTo("rest");
        assertThat(circuit.path("state").asText()).isEqualTo("open");
        assertThat(circuit.path("goodProbesMissing").asInt()).isEqualTo(2);
        assertThat(Instant.parse(circuit.path("since").asText())).isBefore(Instant.now());
        assertThat(circuit.path("why").asText()).isNotEmpty();
        assertThat(found("waitingFor=circuit&limit=100")).hasSizeGreaterThan(10).contains("m13");
        assertThat(found("waitingFor=retry")).isEmpty();
        assertThat(lane("waits").at("/waitingFor/0/reason").asText()).isEqualTo("circuit");
        aReplaySaysSoBeforeAndWhileItStands("gone-" + run);
        answer = DONE;
        bus.post("/lanes/thulium/waits/resume", "");
        await().atMost(LIMIT).until(() -> lane("waits").at("/circuits/0/state").asText(), "closed"::equals);
    }

    private void aReplaySaysSoBeforeAndWhileItStands(String id) {
        String wanted = "{\"ids\":[\"" + id + "\"]";
        JsonNode preview =
                bus.post("/dead-letters/replay", wanted + ",\"dryRun\":true}").json();
        assertThat(preview.at("/messages/0/waitingFor/reason").asText()).isEqualTo("circuit");
        String replay = bus.post("/dead-letters/replay", wanted + "}").header("Location");
        JsonNode stands = await().atMost(LIMIT).until(() -> bus.get(replay).json(), shown -> shown.has("waitingFor"));
        assertThat(stands.at("/waitingFor/0/reason").asText()).isEqualTo("circuit");
        assertThat(stands.at("/waitingFor/0/lane").asText()).isEqualTo("thulium/waits");
    }

    private RestClient.Answer tryNow(String id) {
        return bus.post("/messages/" + id + "-" + run + "/try", "");
    }

    private JsonNode awaitRun(RestClient.Answer begun) {
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        String path = begun.header("Location");
        await().atMost(LIMIT).until(() -> bus.get(path).json().path("state").asText(), "finished"::equals);
        return bus.get(path).json();
    }

    @Test
    void aWaitingMessageIsTriedNowAndNeverBeforeTheOneAheadOfIt() {
        answer = Answer.of(503);
        submit(send("waits", "ahead", "t"));
        submit(send("waits", "behind", "t"));
        submit(send("waits", "scheduled", "t")
                .put("notBefore", Instant.now().plusSeconds(3600).toString()));
        awaitReason("ahead", "retry");
        RestClient.Answer refused = tryNow("behind");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("ahead-" + run);
        assertThat(tryNow("scheduled").status()).isEqualTo(409);
        answer = DONE;
        assertThat(tryNow("ahead").status()).isEqualTo(200);
        assertThat(bus.finished("ahead-" + run).path("state").asText()).isEqualTo("delivered");
        assertThat(bus.finished("behind-" + run).path("state").asText()).isEqualTo("delivered");
        assertThat(tryNow("ahead").text()).contains("delivered");
        assertThat(bus.post("/messages/none/try", "").status()).isEqualTo(404);
        bus.post("/messages/scheduled-" + run + "/discard", "{\"reason\":\"not needed\"}");
        assertThat(bus.get("/messages/scheduled-" + run).json().path("reason").asText())
                .isEqualTo("not needed");
    }

    @Test
    void aLaneIsTriedNowThroughAnOpenCircuitOnlyByItsProbe() {
        answer = Answer.of(503);
        IntStream.range(0, 14).forEach(i -> submit(send("waits", "l" + i, "l" + i)));
        await().atMost(LIMIT).until(() -> lane("waits").at("/circuits/0/state").asText(), "open"::equals);
        await().atMost(LIMIT).until(() -> found("waitingFor=circuit&limit=100").size() == 14);
        String lane = "{\"filter\":{\"vendor\":\"thulium\",\"account\":\"waits\"}";
        JsonNode preview = bus.post("/waiting/try", lane + ",\"dryRun\":true}").json();
        assertThat(preview.path("total").asInt()).isPositive();
        assertThat(preview.at("/messages/0/waitingFor/reason").asText()).isEqualTo("circuit");
        int before = vendor.requests().size();
        JsonNode probed = awaitRun(bus.post("/waiting/try", lane + "}"));
        assertThat(probed.path("action").asText()).isEqualTo("try");
        await().atMost(LIMIT).until(() -> vendor.requests().size() > before);
        assertThat(vendor.requests().size()).as("one probe").isLessThan(before + 3);
        answer = DONE;
        awaitRun(bus.post("/waiting/try", lane + "}"));
        await().atMost(LIMIT)
                .until(() -> found("state=delivered&account=waits&limit=100").size() == 14);
    }

    @Test
    void whatWaitsIsDiscardedByAFilterWithAReason() {
        bus.post("/lanes/thulium/waits/pause", "{\"reason\":\"a new password\"}");
        IntStream.range(0, 3).forEach(i -> submit(send("waits", "w" + i, "w" + i)));
        String asked = "{\"filter\":{\"account\":\"waits\",\"waitingFor\":\"paused\"}";
        assertThat(bus.post("/waiting/discard", asked + "}").status()).isEqualTo(422);
        assertThat(bus.post("/waiting/discard", asked + ",\"dryRun\":true}")
                        .json()
                        .path("total")
                        .asInt())
                .isGreaterThanOrEqualTo(3);
        JsonNode run = awaitRun(bus.post("/waiting/discard", asked + ",\"reason\":\"the sale is over\"}"));
        assertThat(run.path("replayed").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(found("state=discarded&account=waits")).contains("w0", "w1", "w2");
        assertThat(tryNow("w0").status()).isEqualTo(409);
    }

    private ObjectNode start(String id) {
        ObjectNode start = send("staffed", id, "g").put("vendor", "happytalk").put("operation", "start");
        start.remove(List.of("conversationId", "text"));
        return start.put("customerId", "user-" + id);
    }

    private List<Request> questions() {
        return vendor.requests().stream()
                .filter(request -> request.path().endsWith("work_count"))
                .toList();
    }

    @Test
    void whileTheVendorSaysThatNoOneIsAvailableMessagesWaitForTheNextQuestion() {
        Answer opened = Answer.of(200, "{\"code\":0,\"room_id\":\"r\"}");
        vendor.answerBy(request -> request.path().endsWith("work_count") ? answer : opened);
        answer = Answer.of(200, "{\"code\":0,\"work_cs_count\":\"0\"}");
        long began = System.nanoTime();
        IntStream.range(0, 8).forEach(i -> submit(start("gate" + i)));
        JsonNode gate = awaitReason("gate0", "gate");
        assertThat(Instant.parse(gate.path("until").asText()))
                .isBefore(Instant.now().plusSeconds(2));
        IntStream.range(1, 8).forEach(i -> awaitReason("gate" + i, "gate"));
        assertThat(lane("staffed").at("/waitingFor/0/reason").asText()).isEqualTo("gate");
        assertThat(found("waitingFor=gate")).contains("gate0");
        assertThat(tryNow("gate0").text()).contains("no one is available", "ignoreHours");
        submit(start("urgent").put("ignoreHours", true));
        assertThat(bus.finished("urgent-" + run).path("state").asText()).isEqualTo("delivered");
        await("asked again").atMost(LIMIT).until(() -> questions().size() >= 2);
        int seconds = (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(questions()).as("one question a second").hasSizeLessThanOrEqualTo(seconds + 2);
        assertThat(bus.get("/messages/gate0-" + run).json().path("attempts")).isEmpty();
        answer = Answer.of(200, "{\"code\":0,\"work_cs_count\":1}");
        IntStream.range(0, 8)
                .forEach(i -> assertThat(bus.finished("gate" + i + "-" + run)
                                .path("state")
                                .asText())
                        .isEqualTo("delivered"));
    }

    @Test
    void outsideItsHoursALaneSendsOnlyWhatIgnoresThemAndNothingOvertakes() {
        submit(send("shut", "s1", "s"));
        JsonNode hours = awaitReason("s1", "hours");
        assertThat(Instant.parse(hours.path("until").asText()))
                .isBetween(Instant.now().plusSeconds(3_600), Instant.now().plusSeconds(7_260));
        JsonNode view = bus.get("/messages/s1-" + run).json();
        assertThat(view.path("state").asText()).isEqualTo("waiting");
        assertThat(view.path("attempts")).isEmpty();
        submit(send("shut", "s2", "other").put("ignoreHours", true));
        assertThat(bus.finished("s2-" + run).path("state").asText()).isEqualTo("delivered");
        submit(send("shut", "s3", "s").put("ignoreHours", true));
        assertThat(awaitReason("s3", "conversation").path("messageId").asText()).isEqualTo("s1-" + run);
        assertThat(found("waitingFor=hours")).containsExactly("s1");
        assertThat(tryNow("s1").status()).isEqualTo(409);
        assertThat(tryNow("s1").text()).contains("ignoreHours");
        assertThat(lane("shut").at("/waitingFor/0/reason").asText()).isEqualTo("hours");
    }
}
