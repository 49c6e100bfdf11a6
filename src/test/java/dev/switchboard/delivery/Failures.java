package dev.switchboard.delivery;

import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Failures as the judge throws them, for the tests of others. */
public final class Failures {

    private Failures() {}

    public static DeliveryFailed of(FailureClass failureClass) {
        return of(failureClass, Disposition.DEAD_LETTER, false, null);
    }

    public static DeliveryFailed of(
            FailureClass failureClass, Disposition disposition, boolean uncertain, @Nullable Instant retryAfter) {
        return DeliveryFailed.because(failureClass, disposition, "A meaning.")
                .uncertain(uncertain)
                .retryAfter(retryAfter)
                .build();
    }

    /** Nothing explains the answer, and the request may have been done. */
    public static DeliveryFailed guess() {
        return DeliveryFailed.because(FailureClass.UNMAPPED, Disposition.DEAD_LETTER, "A meaning.")
                .maybeSent(true)
                .build();
    }
}
