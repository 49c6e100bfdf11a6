package dev.switchboard.store;

import dev.switchboard.database.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Why a lane claims nothing.
 *
 * @param until when it goes on by itself, in milliseconds since 1970; null: when someone resumes it
 */
public record Pause(String reason, @Nullable Long until) {

    /** Returns whether its time has come. */
    public boolean isOver() {
        return until != null && until <= Clock.now();
    }
}
