package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When a message is tried, tried again and given up, and what people can do about one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TimesOnAStore {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Due times are counted by another clock than the one that shows them. */
    private static final Duration EXACT = Duration.ofMillis(20);

    private static final String RETRY_AFTER = "Retry-After";

    private final LaneBus bus;
    private final TestLane closed;
    private final TestLane held;
    private final TestLane diary;
    private final TestLane patient;
    private final TestLane jittery;
    private final TestLane impatient;
    private final TestLane plain;

    TimesOnAStore(StoreKind store) throws IOException {
        bus = new LaneBus("times", store);
        closed = bus.lane("closed", "later", "500ms", "expires-after", "4s");
        held = bus.lane("held", "retry", "60s");
        diary = bus.lane("diary");
        patient = bus.lane("patient", "retry", "10s");
        jittery = bus.lane("jittery", "retry", "10s");
        impatient = bus.lane("impatient", "retry", "100ms,200ms");
        plain = bus.lane("plain");
    }

    @BeforeAll
    void start() throws IOException {
        bus.start();
    }

    @AfterAll
    void stop() {
        bus.close();
    }

    private static String text(Request request) {
        return new RestClient.Answer(0, java.net.http.HttpHeaders.of(Map.of(), (a, b) -> true), request.body())
                .json()
                .path("msg")
                .asText();
    }

    private static Instant time(JsonNode view, String field) {
        return Instant.parse(view.path(field).asText());
    }

    private static List<JsonNode> attempts(JsonNode view) {
        var attempts = new ArrayList<JsonNode>();
        view.path("attempts").forEach(attempts::add);
        return attempts;
    }

    private static List<String> each(JsonNode view, String field) {
        return attempts(view).stream()
                .map(attempt -> attempt.path(field).asText())
                .toList();
    }

    private static Duration between(JsonNode attempt, JsonNode next) {
        return Duration.between(time(attempt, "endedAt"), time(next, "startedAt"));
    }

    private static Answer code(String code, String words) {
        return Answer.of(200, "{\"code\":" + code + ",\"message\":\"" + words + "\"}");
    }

    @Test
    void aClosedVendorIsTriedAgainOnTheAccountsSlowSchedule() {
        closed.traffic().answer(request -> {
            String code = text(request);
            boolean open = closed.traffic().count(other -> text(other).equals(code)) > 2;
            return open ? Traffic.DONE : code(code, "Consulting");
        });
        List<String> codes = List.of("-901", "-903", "-904");
        List<String> ids = codes.stream()
                .map(code -> closed.submit(closed.send("room" + code, code)))
                .toList();
        for (int i = 0; i < codes.size(); i++) {
            JsonNode view = closed.rest().finished(ids.get(i));
            assertThat(each(view, "disposition")).containsExactly("later", "later", "delivered");
            assertThat(each(view, "code")).startsWith(codes.get(i), codes.get(i));
            assertThat(each(view, "message")).startsWith("Consulting", "Consulting");
            List<JsonNode> attempts = attempts(view);
            assertThat(between(attempts.get(0), attempts.get(1)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(400).minus(EXACT));
            assertThat(between(attempts.get(1), attempts.get(2)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(400).minus(EXACT));
        }
    }

    /** By its own time, whether it is shorter or longer than the account's, or by the account's. */
    @Test
    void whatAVendorIsClosedForTooLongIsDeadAsClosed() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<Instant> expiries = List.of(now.plusSeconds(2), now.plusSeconds(4), now.plusSeconds(6));
        List<String> ids = new ArrayList<>();
        closed.traffic().answer(request -> code("-903", "Consulting"));
        for (int i = 0; i < 3; i++) {
            var message = closed.send("for-ever-" + i, "x");
            ids.add(closed.submit(
                    i == 1 ? message : message.put("expiresAt", expiries.get(i).toString())));
        }
        for (int i = 0; i < 3; i++) {
            JsonNode view = closed.rest().finished(ids.get(i));
            assertThat(view.path("state").asText()).isEqualTo("dead");
            assertThat(view.at("/failure/class").asText()).isEqualTo("closed");
            assertThat(view.at("/failure/code").asText()).isEqualTo("-903");
            assertThat(view.path("attempts").size()).isGreaterThan(1);
            assertThat(time(view, "finishedAt"))
                    .isBetween(expiries.get(i), expiries.get(i).plusSeconds(10));
        }
    }

    @Test
    void whatIsHeldBackUntilItsTimeHasPassedIsNeverSent() {
        held.traffic().answer(request -> text(request).equals("head") ? Answer.of(503) : Traffic.DONE);
        String head = held.submit(held.send("room", "head"));
        await().atMost(LIMIT).until(() -> held.state(head).equals("waiting"));
        String behind = held.submit(expiring(held.send("room", "behind")));
        assertExpired(held.rest().finished(behind));
        held.pause();
        String paused = held.submit(expiring(held.send("another", "paused")));
        assertExpired(held.rest().finished(paused));
        assertThat(held.traffic().count()).isEqualTo(1);
        held.resume();
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode expiring(
            com.fasterxml.jackson.databind.node.ObjectNode message) {
        return message.put("expiresAt", Instant.now().plusSeconds(2).toString());
    }

    private static void assertExpired(JsonNode view) {
        assertThat(view.path("state").asText()).isEqualTo("dead");
        assertThat(view.at("/failure/class").asText()).isEqualTo("expired");
        assertThat(view.path("attempts")).isEmpty();
        assertThat(time(view, "finishedAt")).isAfterOrEqualTo(time(view, "expiresAt"));
    }

    /** It joins its conversation when it is due, and stands then behind what is there. */
    @Test
    void aReminderForLaterDoesNotHoldBackToday() {
        var answered = new CountDownLatch(1);
        diary.traffic()
                .answer(request ->
                        text(request).equals("evening") ? Traffic.after(answered, Traffic.DONE) : Traffic.DONE);
        Instant due = Instant.now().plusSeconds(6);
        String reminder = diary.submit(diary.send("room", "reminder").put("notBefore", due.toString()));
        for (String text : List.of("morning", "noon")) {
            String id = diary.submit(diary.send("room", text));
            assertThat(diary.rest().finished(id).path("state").asText()).isEqualTo("delivered");
        }
        assertThat(Instant.now()).as("today is delivered before").isBefore(due);
        assertThat(diary.state(reminder)).isEqualTo("accepted");
        diary.submit(diary.send("room", "evening"));
        diary.awaitRequests(3);
        await().atMost(LIMIT).until(() -> Instant.now().isAfter(due.plusSeconds(1)));
        assertThat(diary.state(reminder))
                .as("behind the one that is being sent")
                .isEqualTo("accepted");
        answered.countDown();
        JsonNode view = diary.rest().finished(reminder);
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(diary.traffic().arrivals().stream().map(come -> text(come.request())))
                .containsExactly("morning", "noon", "evening", "reminder");
    }

    @Test
    void aVendorThatSaysWhenIsTriedAgainThenAndWithinAnHour() {
        Instant date = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(40);
        Map<String, String> asked = Map.of(
                "seconds", "30",
                "date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC)),
                "day", "86400",
                "sooner", "1");
        patient.traffic()
                .answer(request ->
                        new Answer(503, Map.of(RETRY_AFTER, asked.get(text(request))), "", Answer.Fault.NONE));
        for (String text : asked.keySet()) {
            patient.submit(patient.send("room-" + text, text).put("id", text));
        }
        assertDue(waiting(patient, "seconds"), Duration.ofSeconds(30), Duration.ofSeconds(30));
        assertThat(time(waiting(patient, "date"), "dueAt")).isBetween(date.minus(EXACT), date.plusSeconds(2));
        assertDue(waiting(patient, "day"), Duration.ofHours(1), Duration.ofHours(1));
        assertDue(waiting(patient, "sooner"), Duration.ofSeconds(8), Duration.ofSeconds(12));
    }

    private static JsonNode waiting(TestLane lane, String id) {
        await().atMost(LIMIT).until(() -> lane.state(id).equals("waiting"));
        return lane.message(id);
    }

    /** Counted from the answer, which came between the attempt's beginning and end. */
    private static void assertDue(JsonNode view, Duration least, Duration most) {
        JsonNode attempt = view.at("/attempts/0");
        Instant earliest = time(attempt, "startedAt").plus(least);
        Instant latest = time(attempt, "endedAt").plus(most);
        assertThat(time(view, "dueAt")).isBetween(earliest.minus(EXACT), latest.plus(EXACT));
    }

    @Test
    void retriesAreScatteredSoThatTheyDoNotComeTogether() {
        jittery.traffic().answer(request -> Answer.of(503));
        List<String> ids = IntStream.range(0, 9)
                .mapToObj(i -> jittery.submit(jittery.send("room-" + i, "x")))
                .toList();
        List<Long> waits = new ArrayList<>();
        for (String id : ids) {
            JsonNode view = waiting(jittery, id);
            assertDue(view, Duration.ofSeconds(8), Duration.ofSeconds(12));
            waits.add(Duration.between(time(view.at("/attempts/0"), "endedAt"), time(view, "dueAt"))
                    .toMillis());
        }
        assertThat(waits.stream().mapToLong(wait -> wait).max().orElseThrow()
                        - waits.stream().mapToLong(wait -> wait).min().orElseThrow())
                .isGreaterThan(500);
    }

    @Test
    void anAccountsScheduleSaysHowOftenAndEachAttemptWhatTheVendorSaid() {
        impatient.traffic().answer(request -> code("-600", "System"));
        JsonNode view = impatient.rest().finished(impatient.submit(impatient.send("room", "x")));
        assertThat(view.path("state").asText()).isEqualTo("dead");
        assertThat(view.at("/failure/class").asText()).isEqualTo("unavailable");
        assertThat(each(view, "number")).containsExactly("1", "2", "3");
        assertThat(each(view, "disposition")).containsExactly("retry", "retry", "dead-letter");
        assertThat(each(view, "code")).containsOnly("-600");
        assertThat(each(view, "message")).containsOnly("System");
        assertThat(each(view, "httpStatus")).containsOnly("200");
        List<JsonNode> attempts = attempts(view);
        assertThat(between(attempts.get(0), attempts.get(1)))
                .isGreaterThanOrEqualTo(Duration.ofMillis(80).minus(EXACT));
        assertThat(between(attempts.get(1), attempts.get(2)))
                .isGreaterThanOrEqualTo(Duration.ofMillis(160).minus(EXACT));
        assertThat(impatient.traffic().count()).isEqualTo(3);
    }

    @Test
    void anOperatorResolvesWhatIsUncertainAndReplaysWhatIsDead() {
        plain.traffic()
                .answer(request -> text(request).equals("lost")
                        ? Traffic.DONE.with(Answer.Fault.DROP_AFTER)
                        : code("-702", "NotRoom"));
        String lost = plain.submit(plain.send("lost", "lost"));
        String gone = plain.submit(plain.send("gone", "x"));
        assertThat(plain.rest().finished(lost).path("state").asText()).isEqualTo("uncertain");
        assertThat(plain.rest().finished(gone).path("state").asText()).isEqualTo("dead");
        assertThat(operate(gone, "resolve").status()).isEqualTo(409);
        RestClient.Answer resolved = operate(lost, "resolve");
        assertThat(resolved.status()).isEqualTo(200);
        assertThat(resolved.json().path("state").asText()).isEqualTo("delivered");
        plain.traffic().answer(request -> Traffic.DONE);
        assertThat(operate(gone, "replay").status()).isEqualTo(200);
        JsonNode view = plain.rest().finished(gone);
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(each(view, "disposition")).containsExactly("dead-letter", "delivered");
        assertThat(view.has("failure")).isFalse();
        for (String what : List.of("replay", "resolve")) {
            assertThat(operate(gone, what).status()).isEqualTo(409);
            assertThat(operate("nobody", what).status()).isEqualTo(404);
        }
        assertThat(plain.traffic().count(request -> text(request).equals("lost")))
                .isEqualTo(1);
    }

    private RestClient.Answer operate(String id, String what) {
        return plain.rest().post("/messages/" + id + "/" + what, "");
    }

    @Test
    void whatIsReplayedGoesToTheEndOfItsConversation() {
        var answered = new CountDownLatch(1);
        plain.traffic().answer(request -> switch (text(request)) {
            case "refused" -> code("-702", "NotRoom");
            case "first" -> Traffic.after(answered, Traffic.DONE);
            default -> Traffic.DONE;
        });
        String refused = plain.submit(plain.send("order", "refused"));
        plain.rest().finished(refused);
        plain.submit(plain.send("order", "first"));
        plain.submit(plain.send("order", "second"));
        assertThat(operate(refused, "replay").status()).isEqualTo(200);
        String last = plain.submit(plain.send("order", "last"));
        answered.countDown();
        plain.rest().finished(last);
        assertThat(plain.traffic().arrivals().stream()
                        .map(Traffic.Arrival::request)
                        .filter(request -> request.body().contains("\"order\""))
                        .map(TimesOnAStore::text))
                .containsExactly("refused", "first", "second", "refused", "last");
    }
}
