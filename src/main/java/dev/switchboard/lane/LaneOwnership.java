package dev.switchboard.lane;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Outcome;
import dev.switchboard.ownership.Ownership;
import dev.switchboard.store.Store;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this instance serves a lane: one has it, so that its order, rate and circuits are kept, and any other waits until it may
 * have it.
 */
final class LaneOwnership {

    private static final Logger LOG = LoggerFactory.getLogger(LaneOwnership.class);

    private final String lane;
    private final Store store;
    private final Attempts attempts;
    private final Predicate<String> mayRepeat;
    private volatile boolean standsBy;
    private volatile boolean leaves;

    LaneOwnership(String lane, Store store, Attempts attempts, Predicate<String> mayRepeat) {
        this.lane = lane;
        this.store = store;
        this.attempts = attempts;
        this.mayRepeat = mayRepeat;
    }

    boolean isOwner() {
        return store.lanes().owns(lane);
    }

    /** Returns whether another instance serves the lane. */
    boolean standsBy() {
        return standsBy;
    }

    /** Returns whether the lane is being given away. */
    boolean leaves() {
        return leaves;
    }

    /** Returns whether this instance has the lane and keeps it. */
    boolean isWhole() {
        return !standsBy && !leaves;
    }

    /** Returns whether this instance is to take the lane, or to give it away. */
    boolean isToChange() {
        return isOwner()
                ? standsBy || store.instances().isSurplus(lane)
                : store.instances().mayTake(lane);
    }

    /** Returns whether the owner keeps the lane. Else it gives it away once its attempts have ended. */
    boolean stays() {
        note(true);
        leaves = store.instances().isSurplus(lane);
        if (leaves && isIdle()) {
            giveBack().join();
        }
        return !leaves;
    }

    /** Gives the lane away, so that another instance need not wait for it. */
    CompletableFuture<?> giveBack() {
        return store.instances().giveBack(lane, this::isIdle);
    }

    /** Returns whether all outcomes are on disk. */
    private boolean isIdle() {
        return attempts.inFlight().isEmpty();
    }

    /** Takes the lane, if this instance may. */
    Ownership take() {
        leaves = false;
        Ownership taken = store.instances().mayTake(lane)
                ? store.lanes()
                        .own(lane, mayRepeat, interrupted(), attempts.inFlight())
                        .join()
                : Ownership.ELSEWHERE;
        note(taken != Ownership.ELSEWHERE);
        return taken;
    }

    private void note(boolean owner) {
        if (owner == standsBy) {
            LOG.info("{}: {}", lane, owner ? "this instance serves the lane now" : "another instance serves this lane");
        }
        standsBy = !owner;
    }

    private static Outcome.Failure interrupted() {
        DeliveryFailed failure = DeliveryFailed.interrupted();
        return new Outcome.Failure(failure.getFailureClass(), null, null, failure.meaning(), true);
    }
}
