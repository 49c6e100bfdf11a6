package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.lane.Circuit.End;
import dev.switchboard.lane.Circuit.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final int SLOTS = 32;

    private long now = Long.MAX_VALUE - 1_000; // the monotonic clock may overflow at any time
    private final List<String> told = new ArrayList<>();
    private final Circuit circuit = new Circuit(
            new Circuit.Settings(14, 10, Duration.ofSeconds(5), Duration.ofSeconds(60)),
            () -> now,
            (state, why) -> told.add(state + " " + why));

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private long claimed() {
        long claim = circuit.generation();
        circuit.claimed(claim);
        return claim;
    }

    private boolean attempt(End end, String conversation) {
        return circuit.ended(claimed(), end, ended(conversation));
    }

    private static Circuit.Ended ended(String conversation) {
        return new Circuit.Ended(conversation, true, false, "it said no");
    }

    private boolean again(End end) {
        return circuit.ended(claimed(), end, new Circuit.Ended("room", false, false, "it said no"));
    }

    private void attempts(int count, End end) {
        for (int i = 0; i < count; i++) {
            attempt(end, "room-" + i);
        }
    }

    private void open() {
        attempts(10, End.OUTAGE);
        assertThat(circuit.state()).isEqualTo(State.OPEN);
    }

    private void stop() {
        attempt(End.FAULT, "room-1");
        attempt(End.FAULT, "room-2");
        assertThat(circuit.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void tenFailuresAmongTheLastFourteenOpenIt() {
        attempts(4, End.WELL);
        attempts(9, End.OUTAGE);
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        attempt(End.OUTAGE, "room");
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.why()).isEqualTo("it said no");
    }

    @Test
    void fiveGoodOnesAmongTheLastFourteenKeepItClosed() {
        for (int i = 0; i < 100; i++) {
            attempts(9, End.OUTAGE);
            assertThat(circuit.state()).isEqualTo(State.CLOSED);
            attempts(5, End.WELL);
        }
    }

    @Test
    void theFirstOfTheLastFourteenCountsToo() {
        attempts(5, End.OUTAGE);
        attempts(4, End.WELL);
        attempts(5, End.OUTAGE);
        assertThat(circuit.state()).isEqualTo(State.OPEN);
    }

    @Test
    void aClosedOneAndOneThatIsBeingProbedWaitForNoTime() {
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofDays(1));
        open();
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofSeconds(5));
        pass(Duration.ofMinutes(1));
        assertThat(circuit.untilProbe()).isZero();
        claimed();
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void anOpenOneLetsNothingPassUntilItsFirstProbe() {
        open();
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        pass(Duration.ofMillis(4_999));
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        pass(Duration.ofMillis(1));
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }

    @Test
    void oneProbeIsMadeAtATime() {
        open();
        pass(Duration.ofSeconds(5));
        claimed();
        pass(Duration.ofHours(1));
        assertThat(circuit.mayClaim(SLOTS)).isZero();
    }

    @Test
    void probesBackOffToTheirLongestTimeAndAreNotCounted() {
        open();
        pass(Duration.ofSeconds(5));
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            assertThat(attempt(End.OUTAGE, "room")).isTrue();
            assertThat(circuit.untilProbe()).isEqualTo(Duration.ofSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void twoGoodProbesInARowCloseIt() {
        open();
        pass(Duration.ofSeconds(5));
        attempts(1, End.WELL);
        attempt(End.OUTAGE, "room");
        pass(Duration.ofMinutes(1));
        attempts(1, End.WELL);
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
        assertThat(attempt(End.WELL, "room")).isFalse();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aMessageThatFailsAgainDoesNotUndoTheGoodProbeOfAnother() {
        open();
        pass(Duration.ofSeconds(5));
        attempts(1, End.WELL);
        assertThat(again(End.OUTAGE)).isTrue();
        pass(Duration.ofSeconds(10));
        attempts(1, End.WELL);
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aProbeThatWasNotMadeIsDueAgain() {
        open();
        pass(Duration.ofSeconds(5));
        circuit.unclaimed(claimed());
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }

    @Test
    void aProbeWhoseMessageMayNotBeSentIsFollowedByAnotherAfterAWhile() {
        open();
        pass(Duration.ofSeconds(5));
        circuit.putOff(claimed());
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofSeconds(5));
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        pass(Duration.ofSeconds(5));
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }

    @Test
    void whatWasClaimedBeforeItOpenedAndIsPutOffDelaysNoProbe() {
        long before = claimed();
        open();
        pass(Duration.ofSeconds(5));
        long probe = claimed();
        circuit.putOff(before);
        circuit.unclaimed(probe);
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }

    @Test
    void itKnowsWhetherTheLastFailureWasClear() {
        circuit.ended(claimed(), End.OUTAGE, new Circuit.Ended("room", true, true, ""));
        assertThat(circuit.isUnclear()).isTrue();
        attempt(End.WELL, "room");
        assertThat(circuit.isUnclear()).isTrue();
        attempt(End.OUTAGE, "room");
        assertThat(circuit.isUnclear()).isFalse();
    }

    @Test
    void itShowsWhatItWaitsFor() {
        assertThat(circuit.view("biz", List.of("key"))).isEqualTo(CircuitView.closed("biz"));
        Instant before = Instant.now();
        open();
        assertThat(circuit.view("biz", List.of("key"))).satisfies(view -> {
            assertThat(view.since()).isBetween(before, Instant.now());
            assertThat(view.waitsFor()).isEqualTo("its next probe");
            assertThat(view.nextProbe()).isNotNull();
            assertThat(view.goodProbesMissing()).isEqualTo(2);
            assertThat(view.settings()).isEmpty();
        });
        pass(Duration.ofSeconds(5));
        assertThat(circuit.view("biz", List.of()).waitsFor()).isEqualTo("a message to probe with");
        long claim = claimed();
        assertThat(circuit.view("biz", List.of()).waitsFor()).isEqualTo("the answer to a probe");
        circuit.ended(claim, End.WELL, ended("room"));
        assertThat(circuit.view("biz", List.of()).goodProbesMissing()).isEqualTo(1);
    }

    @Test
    void aStoppedOneShowsTheSettingsAndClosesWithOneGoodProbe() {
        stop();
        assertThat(circuit.view("biz", List.of("key")).settings()).containsExactly("key");
        assertThat(circuit.view("biz", List.of("key")).goodProbesMissing()).isEqualTo(1);
    }

    @Test
    void oneThatOpensAgainIsProbedAsIfForTheFirstTime() {
        open();
        pass(Duration.ofSeconds(5));
        attempts(2, End.OUTAGE);
        pass(Duration.ofMinutes(1));
        attempts(2, End.WELL);
        open();
        pass(Duration.ofSeconds(5));
        attempts(1, End.WELL);
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        attempt(End.OUTAGE, "room");
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aClosedOneLetsFewPassAtFirstAndMoreWithEachGoodOne() {
        open();
        pass(Duration.ofSeconds(5));
        attempts(2, End.WELL);
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
        attempts(3, End.WELL);
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(4);
        claimed();
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(3);
        attempts(100, End.WELL);
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(SLOTS);
    }

    @Test
    void attemptsThatWereInFlightWhenItOpenedAreNoProbes() {
        long[] claims = new long[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            claims[i] = claimed();
        }
        for (int i = 0; i < SLOTS; i++) {
            End end = i < 10 ? End.OUTAGE : End.WELL;
            assertThat(circuit.ended(claims[i], end, ended("room"))).isFalse();
        }
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.mayClaim(SLOTS)).isZero();
    }

    @Test
    void aFaultThatASecondConversationMeetsStopsIt() {
        assertThat(attempt(End.FAULT, "room-1")).isFalse();
        assertThat(attempt(End.FAULT, "room-1")).isFalse();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        assertThat(attempt(End.FAULT, "room-2")).isTrue();
        assertThat(circuit.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void aFaultOfOneConversationIsForgottenWhenAnotherIsWell() {
        attempt(End.FAULT, "room-1");
        attempt(End.WELL, "room-2");
        attempt(End.FAULT, "room-3");
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void whatWasInFlightWhenItStoppedAndMetTheSameFaultIsNotCounted() {
        long inFlight = claimed();
        stop();
        assertThat(circuit.ended(inFlight, End.FAULT, ended("room-3"))).isTrue();
    }

    @Test
    void whatWasInFlightWhenItStoppedIsNotCountedEvenIfItEndsAfterTheResume() {
        long inFlight = claimed();
        stop();
        circuit.probeNow();
        attempt(End.WELL, "room-3");
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        assertThat(circuit.ended(inFlight, End.FAULT, ended("room-4"))).isTrue();
    }

    @Test
    void whatWasAllowedBeforeItOpenedIsNoProbeAlthoughItIsClaimedAfterwards() {
        long allowed = circuit.generation();
        open();
        for (int i = 0; i < SLOTS; i++) {
            circuit.claimed(allowed);
        }
        for (int i = 0; i < SLOTS; i++) {
            assertThat(circuit.ended(allowed, End.OUTAGE, ended("room-" + i))).isFalse();
        }
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void anOutageThatEndsInAFaultStopsItAtTheSecondConversation() {
        open();
        pass(Duration.ofSeconds(5));
        assertThat(attempt(End.FAULT, "room-1")).isFalse();
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
        assertThat(attempt(End.FAULT, "room-2")).isTrue();
        assertThat(circuit.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void whatWasInFlightWhenItStoppedAndMetSomethingElseIsCounted() {
        long inFlight = claimed();
        stop();
        assertThat(circuit.ended(inFlight, End.OUTAGE, ended("room-3"))).isFalse();
        assertThat(circuit.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void oneThatAnotherProcessStoppedWhileItWasProbedHereIsProbedAgain() {
        open();
        pass(Duration.ofSeconds(5));
        circuit.claimed(circuit.generation());
        circuit.stop("wrong token");
        pass(Duration.ofMinutes(1));
        assertThat(circuit.mayClaim(4)).isEqualTo(1);
    }

    @Test
    void oneThatWasStoppedBeforeARestartIsStopped() {
        circuit.stop("the token is not valid");
        assertThat(circuit.state()).isEqualTo(State.STOPPED);
        assertThat(circuit.why()).isEqualTo("the token is not valid");
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        assertThat(circuit.untilProbe()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aStoppedOneIsProbedAfterOneFiveAndFifteenMinutes() {
        stop();
        for (int minutes : new int[] {1, 5, 15, 15}) {
            assertThat(circuit.untilProbe()).isEqualTo(Duration.ofMinutes(minutes));
            pass(Duration.ofMinutes(minutes));
            assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
            assertThat(attempt(End.FAULT, "room")).isTrue();
        }
    }

    @Test
    void aStoppedOneGoesOnWhenAProbeIsWell() {
        stop();
        pass(Duration.ofMinutes(1));
        assertThat(attempt(End.WELL, "room")).isFalse();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void afterTheFaultIsFixedNobodyNeedsToWait() {
        stop();
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        circuit.probeNow();
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }

    @Test
    void eachChangeIsToldOnceAndARestartTellsNothing() {
        circuit.stop("before the restart");
        assertThat(told).isEmpty();
        circuit.probeNow();
        attempt(End.WELL, "room");
        attempts(12, End.OUTAGE);
        assertThat(told).containsExactly("closed ", "open it said no");
    }

    @Test
    void oneIsClaimedOnArrivalOnlyWhileAllPass() {
        long claim = circuit.claimOne();
        assertThat(claim).isEqualTo(circuit.generation());
        assertThat(circuit.ended(claim, End.WELL, ended("room"))).isFalse();
        open();
        pass(Duration.ofSeconds(5));
        assertThat(circuit.mayClaim(1)).as("a probe is due").isEqualTo(1);
        assertThat(circuit.claimOne()).isEqualTo(-1);
        assertThat(circuit.mayClaim(1)).isEqualTo(1);
    }

    @Test
    void whatIsClaimedOnArrivalCountsAmongTheFewThatFlowAtFirst() {
        open();
        for (int i = 0; i < 2; i++) {
            pass(Duration.ofSeconds(60));
            attempt(End.WELL, "room");
        }
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        assertThat(circuit.claimOne()).isEqualTo(circuit.generation());
        assertThat(circuit.claimOne()).isEqualTo(-1);
        assertThat(circuit.mayClaim(SLOTS)).isZero();
        circuit.unclaimed(circuit.generation());
        assertThat(circuit.mayClaim(SLOTS)).isEqualTo(1);
    }
}
