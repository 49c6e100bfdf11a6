package dev.switchboard.lane;

import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import org.jspecify.annotations.Nullable;

/** Hears of attempts, on the thread that makes them: it must be quick and must not fail. */
public interface AttemptListener {

    /**
     * The first attempt of a message begins that was to be sent as soon as it had come.
     *
     * @param waited how many milliseconds after its acceptance
     */
    default void firstBegins(String lane, long waited) {}

    /**
     * An attempt has ended now.
     *
     * @param trace W3C trace context of its message
     * @param failure why it failed; null where it was delivered
     */
    default void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {}
}
