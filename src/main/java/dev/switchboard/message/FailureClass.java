package dev.switchboard.message;

import java.util.Locale;

/** Why a message was not delivered; each has its dead-letter route {@code dead-letter-<class>}. */
public enum FailureClass {
    /** The data is wrong, says the vendor or our own check. */
    INVALID,
    /** Credentials or permission: a configuration fault. */
    UNAUTHORIZED,
    /** The conversation or customer does not exist, or has ended. */
    GONE,
    /** The vendor's business rules say no. */
    REFUSED,
    /** Outside hours, no counsellor, over the limit. */
    CLOSED,
    /** The vendor could not be reached or failed inside. */
    UNAVAILABLE,
    /** The message's time had passed. */
    EXPIRED,
    /** The request may have reached the vendor; it is not known whether it was carried out. */
    UNCERTAIN,
    /** An answer that no table explains. */
    UNMAPPED;

    /** Returns the name as the contract spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name as the contract spells it.
     *
     * @throws IllegalArgumentException when there is no such class
     */
    public static FailureClass of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
