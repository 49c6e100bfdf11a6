package dev.switchboard.lane;

import dev.switchboard.message.Disposition;

/** Hears of attempts, on the thread that makes them: it must be quick and must not fail. */
public interface AttemptListener {

    /**
     * The first attempt of a message begins that was to be sent as soon as it had come.
     *
     * @param waited how many milliseconds after its acceptance
     */
    default void firstBegins(String lane, long waited) {}

    /** An attempt has ended, so many nanoseconds after its beginning. */
    default void ended(String lane, String operation, Disposition disposition, long nanos) {}
}
