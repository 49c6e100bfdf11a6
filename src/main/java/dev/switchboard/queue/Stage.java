package dev.switchboard.queue;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where an unfinished message is in the queue of its lane. */
public enum Stage {
    /** Not yet looked at by the owner of the lane. */
    NEW,
    /** May be claimed when it is due. */
    READY,
    /** Behind another message of its conversation. */
    BEHIND,
    /** Joins its conversation when it is due, by the time of day. */
    NOT_BEFORE,
    /** An attempt is being made. */
    SENDING,
    /** Would be ready, but its batch is paused. */
    HELD,
    /** Waits for the message that begins its conversation. */
    AWAITING;

    private final String name = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns whether what is behind it in its conversation waits for it: 1; 0 where it is behind itself; null: neither. */
    @Nullable
    public Integer front() {
        return switch (this) {
            case NEW, READY, SENDING, HELD -> 1;
            case BEHIND -> 0;
            case NOT_BEFORE, AWAITING -> null;
        };
    }

    /** Returns the condition that a row of work is at this stage. */
    public String is() {
        return "stage = '" + name + "'";
    }

    /** Returns the condition that a row of work is not at this stage. */
    public String isNot() {
        return "stage <> '" + name + "'";
    }

    /** Returns the condition that a row of work is at one of some stages. */
    static String in(Stage... stages) {
        return Arrays.stream(stages)
                .map(stage -> "'" + stage.name + "'")
                .collect(Collectors.joining(", ", "stage in (", ")"));
    }

    /** Returns what sets the stage of a row of work. */
    public String set() {
        return is() + ", front = " + front();
    }

    @Override
    public String toString() {
        return name;
    }
}
