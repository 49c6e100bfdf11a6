package dev.switchboard.message;

import java.util.Locale;

/** What an attempt's end makes the bus do. */
public enum Disposition {
    /** Done. */
    DELIVERED,
    /** Try again, on the account's schedule. */
    RETRY,
    /** Try again much later: the vendor is closed for now. */
    LATER,
    /** Final failure. */
    DEAD_LETTER,
    /** Final failure of this message, and a hint that the configuration is at fault. */
    STOP_CIRCUIT,
    /** Not known: an operator decides. */
    PARK;

    /** Returns the name as the contract spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a name as the contract spells it.
     *
     * @throws IllegalArgumentException when there is no such disposition
     */
    public static Disposition of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
