package dev.switchboard.lane;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides how many messages of a lane may be attempted now: as many as slots, rate and circuits allow. */
final class Admission {

    private final Slots slots;
    private final Rate rate;
    private final Circuits circuits;
    private final Predicate<String> mayRepeat;

    Admission(Slots slots, Rate rate, Circuits circuits, Predicate<String> mayRepeat) {
        this.slots = slots;
        this.rate = rate;
        this.circuits = circuits;
        this.mayRepeat = mayRepeat;
    }

    /**
     * What may be claimed from the queue.
     *
     * @param reserved slots that are kept for it until {@link #settle}
     * @param shares how many messages of each api
     */
    record Claim(int reserved, List<Share> shares) {}

    /** Reserves slots for a claim from the queue. */
    Claim claim() {
        slots.fallBehind();
        int reserved = slots.reserve(rate.available(slots.free()));
        return new Claim(reserved, circuits.shares(reserved, mayRepeat));
    }

    /** Keeps the slots of those that were claimed, and gives back the others. */
    void settle(Claim claim, int claimed) {
        slots.settle(claim.reserved(), claimed);
        rate.take(claimed);
    }

    /** Returns the number of the claim of a message from the queue, for {@link #ended} or {@link #giveBack}. */
    long claimed(Claimed message) {
        return circuits.claimed(message);
    }

    /** Takes a slot for a message that arrives; returns the number of its claim, or -1 where it has to wait in the queue. */
    long arrives(String api) {
        if (!slots.takeOnArrival()) {
            return -1;
        }
        long claim = circuits.claimOne(api);
        if (claim < 0) {
            slots.giveBack(1);
        } else if (!rate.tookOne()) {
            giveBack(api, claim);
            return -1;
        }
        return claim;
    }

    /** The message that arrived was not stored. */
    void didNotArrive(String api, long claim) {
        rate.giveBack(1);
        giveBack(api, claim);
    }

    private void giveBack(String api, long claim) {
        circuits.unclaimed(api, claim);
        slots.giveBack(1);
    }

    /** Notes that no attempt was made of a message; its slot is free again, its outcome is still to be written. */
    void notAttempted(Claimed message, long claim) {
        circuits.unclaimed(message.api(), claim);
        slots.release();
    }

    /** Notes that no attempt was made of a message, as it is outside its hours. */
    void putOff(Claimed message, long claim) {
        rate.giveBack(1);
        circuits.putOff(message.api(), claim);
        slots.release();
    }

    /**
     * Notes how an attempt ended. The slot stays taken until {@link #release}.
     *
     * @return whether the attempt counts on the retry schedule
     */
    boolean ended(Claimed message, long claim, @Nullable DeliveryFailed failure) {
        return !circuits.ended(message, claim, failure);
    }

    /** Frees the slot of an attempt that has ended. */
    void release() {
        slots.release();
    }

    /** Notes that an outcome is on disk; returns whether the lane could not claim because too many were not. */
    boolean written() {
        return slots.written();
    }

    /** Tells whether something may be due in the queue. */
    boolean isBehind() {
        return slots.isBehind();
    }

    void fallBehind() {
        slots.fallBehind();
    }

    void catchUp() {
        slots.catchUp();
    }

    boolean isFull() {
        return slots.free() == 0;
    }
}
