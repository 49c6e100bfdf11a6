package dev.switchboard.lane;

import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.tracing.Spans;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Notes attempts as spans. */
@Singleton
public final class AttemptSpans implements AttemptListener {

    private final Spans spans;

    public AttemptSpans(Spans spans) {
        this.spans = spans;
    }

    @Override
    public void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {
        spans.attempt(
                attempt.message(),
                attempt.number(),
                attempt.startedAt(),
                trace,
                failure == null ? null : failure.getFailureClass().toString());
    }
}
