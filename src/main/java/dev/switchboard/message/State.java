package dev.switchboard.message;

import java.util.Locale;

/** The state of a message. */
public enum State {
    ACCEPTED,
    SENDING,
    WAITING,
    DELIVERED,
    DEAD,
    UNCERTAIN,
    DISCARDED,
    REPLACED;

    /** Returns whether nothing more happens to the message by itself. */
    public boolean finished() {
        return this != ACCEPTED && this != SENDING && this != WAITING;
    }

    /** Returns the name as the contract spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a name as the contract spells it. */
    public static State of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
