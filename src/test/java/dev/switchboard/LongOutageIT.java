package dev.switchboard;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What takes its time: an outage of a minute, and processes that are stopped and killed. The outages of both stores and,
 * one after the other, the restarts of each go on at the same time; each test waits for its part.
 */
@Tag("soak")
class LongOutageIT {

    private static final int WAITING = 5_000;
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final int KILLS = 4;

    private static final Map<String, CompletableFuture<Void>> BEGUN = new HashMap<>();

    /** Something that goes on while others do. */
    private interface Part {
        void run(StoreKind store) throws Exception;
    }

    @BeforeAll
    static void begin() {
        for (StoreKind store : StoreKind.values()) {
            begin(store, Map.of("outage", each -> VendorOutage.strike(each, LENGTH, WAITING)));
            begin(
                    store,
                    Map.of(
                            "hanging", Restarts::aVendorThatHangsDoesNotKeepItFromStopping,
                            "pause", Restarts::pauseAndResumeOutliveIt,
                            "in flight", Restarts::attemptsInFlightEndBeforeTheBusDoes,
                            "outbox", each -> Restarts.whatHasToGoOutGoesOut(each, KILLS)));
        }
    }

    /** Begins parts that go on one after the other. */
    private static void begin(StoreKind store, Map<String, Part> parts) {
        var turns = Executors.newSingleThreadExecutor();
        parts.forEach((name, part) -> BEGUN.put(
                name + store,
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                part.run(store);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        turns)));
        turns.shutdown();
    }

    private static void join(String part, StoreKind store) {
        Objects.requireNonNull(BEGUN.get(part + store)).join();
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void anOutageOfAMinuteKillsNothingAndEndsWithoutABurst(StoreKind store) {
        join("outage", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aVendorThatHangsKeepsTheBusFromStoppingForNoLongerThanItsGrace(StoreKind store) {
        join("hanging", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aPausedLaneIsPausedAfterARestartAndAResumedOneRuns(StoreKind store) {
        join("pause", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aStopLetsAttemptsInFlightEnd(StoreKind store) {
        join("in flight", store);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void aKillBetweenOutcomeAndPublicationLosesNoReplyAndNoDeadLetter(StoreKind store) {
        join("outbox", store);
    }

    @Test
    void anInstanceOfTwoStopsAsFast() throws Exception {
        Restarts.anInstanceOfTwoStopsAsFast();
    }
}
