package dev.switchboard.queue;

import dev.switchboard.database.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Why a lane claims nothing.
 *
 * @param until when it goes on by itself, in milliseconds since 1970; null: when someone resumes it
 * @param by who paused it, where that is known
 */
public record Pause(
        String reason, @Nullable Long until, @Nullable String by) {

    /** A pause of no one in particular. */
    public Pause(String reason, @Nullable Long until) {
        this(reason, until, null);
    }

    /** Returns whether its time has come. */
    public boolean isOver() {
        return until != null && until <= Clock.now();
    }
}
