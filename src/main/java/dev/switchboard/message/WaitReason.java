package dev.switchboard.message;

import java.util.Locale;

/** What an unfinished message waits for. */
public enum WaitReason {
    /** For the message that begins its conversation. */
    START,
    /** For the time before which its sender does not want it sent. */
    NOT_BEFORE,
    /** For a message ahead of it in its conversation. */
    CONVERSATION,
    /** For its batch, which is paused. */
    BATCH,
    /** For an account: there is no such account in the settings. */
    ACCOUNT,
    /** For its lane, which is paused. */
    PAUSED,
    /** For another instance, which serves its lane. */
    INSTANCE,
    /** For its circuit, which is not closed. */
    CIRCUIT,
    /** For its next attempt on the retry schedule. */
    RETRY,
    /** For the time that the vendor asked for. */
    RETRY_AFTER,
    /** For its next attempt while the vendor is closed. */
    LATER,
    /** For the opening hours of its account. */
    HOURS,
    /** For the vendor, which says that no one is available. */
    GATE,
    /** For the rate, which allows no more attempts for now. */
    RATE,
    /** For its turn in the lane. */
    TURN;

    /** Returns whether it is put off to a time without an attempt, and cannot be tried before. */
    public boolean isOpening() {
        return this == HOURS || this == GATE;
    }

    /** Returns the name as the contract spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
