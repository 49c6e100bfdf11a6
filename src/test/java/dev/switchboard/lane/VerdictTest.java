package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Failures;
import dev.switchboard.hours.Holidays;
import dev.switchboard.hours.OpeningHours;
import dev.switchboard.hours.Timetable;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import dev.switchboard.queue.Claimed;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import dev.switchboard.vendor.Vendor;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    private static final LaneSettings SETTINGS = new LaneSettings(
            1,
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(1000)),
            Duration.ofMinutes(10),
            false,
            1024,
            Duration.ofSeconds(1),
            Optional.empty(),
            new Circuit.Settings(14, 10, Duration.ofSeconds(5), Duration.ofSeconds(60)),
            Hours.ALWAYS,
            Optional.empty());

    private static Verdict verdict(int number, boolean uncertain) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", "m")
                .put("vendor", "acme")
                .put("account", "one")
                .put("operation", "end");
        var operation = new Vendor.Operation(
                "chat", null, true, true, false, false, null, JsonNodeFactory.instance.objectNode());
        var vendor = new Vendor(
                "acme",
                "Acme",
                Map.of(),
                Map.of("chat", new Vendor.Api("url", List.of(), false, null, null)),
                Map.of("end", operation),
                null,
                null,
                MissingNode.getInstance());
        var account =
                new Account(vendor, "one", new Settings(Map.of("key", "secret-1"), Set.of("key")), Set.of("chat"));
        var message = new Message(json);
        return new Verdict(
                new Claimed(1, message, "chat", number, number - 1, uncertain, null, 1, null),
                new Attempt(message, account, number, SETTINGS.limits()),
                SETTINGS,
                true);
    }

    private static DeliveryFailed failure(FailureClass failureClass, Disposition disposition) {
        return Failures.of(failureClass, disposition, false, null);
    }

    private static Outcome failed(int number, boolean uncertain, FailureClass failureClass, Disposition disposition) {
        return verdict(number, uncertain).failed(failure(failureClass, disposition));
    }

    private static Outcome.Failure why(Outcome outcome) {
        return Objects.requireNonNull(outcome.failure());
    }

    private static Disposition recorded(Outcome outcome) {
        return Objects.requireNonNull(outcome.attempt()).disposition();
    }

    @Test
    void whatTheRouteLeftIsTheResult() {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("roomId", "r");
        Outcome outcome = verdict(1, false).delivered(result);
        assertThat(outcome.state()).isEqualTo(State.DELIVERED);
        assertThat(outcome.result()).isEqualTo(result);
        assertThat(outcome.failure()).isNull();
        assertThat(recorded(outcome)).isEqualTo(Disposition.DELIVERED);
    }

    @ParameterizedTest
    @CsvSource({"null", "text", "missing"})
    void whatIsNoJsonIsAnEmptyResult(String kind) {
        @Nullable
        Object body = Map.of("text", (Object) "text", "missing", MissingNode.getInstance())
                .get(kind);
        assertThat(verdict(1, false).delivered(body).result()).hasToString("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "RETRY, WAITING, RETRY",
        "LATER, WAITING, LATER",
        "DEAD_LETTER, DEAD, DEAD_LETTER",
        "STOP_CIRCUIT, DEAD, STOP_CIRCUIT",
        "PARK, UNCERTAIN, PARK",
    })
    void eachDispositionHasItsState(Disposition disposition, State state, Disposition recorded) {
        Outcome outcome = failed(1, false, FailureClass.REFUSED, disposition);
        assertThat(outcome.state()).isEqualTo(state);
        assertThat(recorded(outcome)).isEqualTo(recorded);
        assertThat(outcome.failure() == null).isEqualTo(disposition == Disposition.RETRY);
        assertThat(outcome.counted()).isEqualTo(disposition != Disposition.LATER);
    }

    @Test
    void laterIsTheNextOpeningWhereThereAreHours() {
        LocalTime opens = LocalTime.now(ZoneOffset.UTC).plusHours(3).truncatedTo(ChronoUnit.MINUTES);
        OpeningHours hours = OpeningHours.of(
                Timetable.read(opens + "-" + opens.plusHours(1)),
                Holidays.read(""),
                Timetable.read(""),
                ZoneOffset.UTC);
        Verdict always = verdict(1, false);
        var settings = new LaneSettings(
                1,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                List.of(),
                Duration.ofMinutes(10),
                false,
                1024,
                Duration.ofSeconds(1),
                Optional.empty(),
                SETTINGS.circuit(),
                new Hours(OpeningHours.ALWAYS, Map.of("end", hours)),
                Optional.empty());
        Outcome outcome = new Verdict(always.claimed(), always.attempt(), settings, true)
                .failed(failure(FailureClass.CLOSED, Disposition.LATER));
        assertThat(outcome.delay()).isBetween(7_100_000L, 10_800_001L);
        assertThat(outcome.waits()).isEqualTo(WaitReason.LATER);
        assertThat(why(outcome).failureClass()).isEqualTo(FailureClass.CLOSED);
    }

    @RepeatedTest(50)
    void aRetryWaitsAsTheScheduleSaysWithinAFifth() {
        assertThat(wait(1)).isBetween(8_000L, 12_000L);
        assertThat(wait(2)).isBetween(800_000L, 1_200_000L);
    }

    private static long wait(int number) {
        return failed(number, false, FailureClass.UNAVAILABLE, Disposition.RETRY)
                .delay();
    }

    @Test
    void theJitterSpreads() {
        assertThat(java.util.stream.IntStream.range(0, 30)
                        .mapToObj(i -> wait(2) / 1000)
                        .distinct())
                .hasSizeGreaterThan(5);
    }

    @Test
    void afterTheLastOfTheScheduleTheMessageIsDead() {
        Outcome outcome = failed(3, false, FailureClass.UNAVAILABLE, Disposition.RETRY);
        assertThat(outcome.state()).isEqualTo(State.DEAD);
        assertThat(why(outcome).failureClass()).isEqualTo(FailureClass.UNAVAILABLE);
        assertThat(recorded(outcome)).isEqualTo(Disposition.DEAD_LETTER);
    }

    @Test
    void retryAfterIsObeyedWhereItIsLaterAndWithoutJitterBelowIt() {
        Instant later = Instant.now().plusSeconds(1800);
        assertThat(verdict(1, false).failed(retry(later)).delay()).isBetween(1_795_000L, 1_800_001L);
        assertThat(verdict(1, false).failed(retry(Instant.now().plusSeconds(1))).delay())
                .isGreaterThan(7_000);
    }

    private static DeliveryFailed retry(Instant after) {
        return Failures.of(FailureClass.UNAVAILABLE, Disposition.RETRY, false, after);
    }

    @Test
    void laterHasNoLast() {
        Outcome outcome = failed(99, false, FailureClass.CLOSED, Disposition.LATER);
        assertThat(outcome.delay()).isBetween(480_000L, 720_000L);
    }

    @Test
    void goneAfterAnAmbiguousAttemptIsDelivered() {
        Outcome outcome = failed(2, true, FailureClass.GONE, Disposition.DEAD_LETTER);
        assertThat(outcome.state()).isEqualTo(State.DELIVERED);
        assertThat(Objects.requireNonNull(outcome.attempt()).message()).contains("earlier attempt");
    }

    @Test
    void goneWithoutAnAmbiguousAttemptIsDead() {
        Outcome outcome = failed(2, false, FailureClass.GONE, Disposition.DEAD_LETTER);
        assertThat(outcome.state()).isEqualTo(State.DEAD);
        assertThat(why(outcome).mayHaveBeenSent()).isFalse();
    }

    @Test
    void onceAmbiguousAlwaysAmbiguous() {
        var unclear = Failures.of(FailureClass.UNAVAILABLE, Disposition.RETRY, true, null);
        assertThat(verdict(1, false).failed(unclear).uncertain()).isTrue();
        Outcome dead = failed(3, true, FailureClass.UNAVAILABLE, Disposition.RETRY);
        assertThat(dead.uncertain()).isTrue();
        assertThat(why(dead).mayHaveBeenSent()).isTrue();
    }

    @Test
    void aProbeThatFailsWaitsUnlessItMayHaveBeenDone() {
        Verdict counted = verdict(1, false);
        var probe = new Verdict(counted.claimed(), counted.attempt(), SETTINGS, false);
        assertThat(probe.failed(Failures.of(FailureClass.UNMAPPED)).state()).isEqualTo(State.WAITING);
        Outcome guess = probe.failed(Failures.guess());
        assertThat(guess.state()).isEqualTo(State.DEAD);
        assertThat(why(guess).mayHaveBeenSent()).isTrue();
    }

    @Test
    void noSecretIsInWhatIsKept() {
        Outcome outcome = verdict(1, false).failed(DeliveryFailed.invalid("refused secret-1 twice"));
        assertThat(why(outcome).meaning()).isEqualTo("refused *** twice");
        assertThat(outcome.toString()).doesNotContain("secret-1");
    }
}
