package dev.switchboard.lane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Json;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import dev.switchboard.queue.Claimed;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to a message when an attempt has ended.
 *
 * @param counted whether the attempt counts; a probe of a circuit does not when it fails
 */
record Verdict(Claimed claimed, Attempt attempt, LaneSettings settings, boolean counted) {

    private static final double JITTER = 0.2;

    /** The attempt succeeded; what the route left in the body is the result. */
    Outcome delivered(@Nullable Object body) {
        JsonNode result = body instanceof JsonNode json && !json.isMissingNode() ? json : Json.object();
        return new Outcome(
                State.DELIVERED,
                0,
                true,
                claimed.uncertain(),
                tried(Disposition.DELIVERED, attempt.words()),
                null,
                result);
    }

    /** The attempt failed. */
    Outcome failed(DeliveryFailed failure) {
        boolean gone = failure.getFailureClass() == FailureClass.GONE
                && attempt.operation().goneIsDone();
        if (claimed.uncertain() && (gone || failure.sentBefore())) {
            return new Outcome(
                    State.DELIVERED,
                    0,
                    true,
                    true,
                    tried(Disposition.DELIVERED, "An earlier attempt, whose answer was lost, had done it."),
                    null,
                    Json.object());
        }
        boolean uncertain = claimed.uncertain() || failure.uncertain();
        boolean guess = failure.disposition() == Disposition.DEAD_LETTER && failure.mayHaveBeenSent();
        if (!counted && !guess && failure.disposition() != Disposition.PARK) {
            return waiting(failure, 0, uncertain, null, WaitReason.RETRY);
        }
        return switch (failure.disposition()) {
            case RETRY -> retry(failure, uncertain);
            case LATER -> later(failure, uncertain);
            case PARK -> finished(State.UNCERTAIN, failure, uncertain);
            default -> finished(State.DEAD, failure, uncertain);
        };
    }

    private Outcome retry(DeliveryFailed failure, boolean uncertain) {
        if (claimed.tries() >= settings.retry().size()) {
            return finished(State.DEAD, failure, uncertain);
        }
        long wait = jittered(settings.retry().get(claimed.tries()));
        Instant asked = failure.retryAfter();
        long least = asked == null ? 0 : Duration.between(Instant.now(), asked).toMillis() + 1;
        WaitReason reason = least > wait ? WaitReason.RETRY_AFTER : WaitReason.RETRY;
        return waiting(failure, Math.max(wait, least), uncertain, null, reason);
    }

    /** The vendor is closed, until the next opening where there are hours: the message keeps its class, with which it is dead if it expires meanwhile. */
    private Outcome later(DeliveryFailed failure, boolean uncertain) {
        Instant now = Instant.now();
        long wait = settings.hours()
                .of(claimed.message().operation())
                .nextOpening(now)
                .map(opens -> Duration.between(now, opens).toMillis() + 1)
                .orElseGet(() -> jittered(settings.later()));
        return waiting(failure, wait, uncertain, why(failure, uncertain), WaitReason.LATER);
    }

    private static long jittered(Duration wait) {
        return Math.round(wait.toMillis() * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER));
    }

    private Outcome waiting(
            DeliveryFailed failure, long wait, boolean uncertain, Outcome.@Nullable Failure why, WaitReason reason) {
        boolean counts = counted && failure.disposition() == Disposition.RETRY;
        return new Outcome(
                State.WAITING,
                wait,
                counts,
                uncertain,
                tried(failure.disposition(), words(failure)),
                why,
                null,
                reason);
    }

    private Outcome finished(State state, DeliveryFailed failure, boolean uncertain) {
        Disposition disposition = state == State.UNCERTAIN ? Disposition.PARK : disposition(failure);
        return new Outcome(
                state, 0, true, uncertain, tried(disposition, words(failure)), why(failure, uncertain), null);
    }

    private Outcome.Failure why(DeliveryFailed failure, boolean uncertain) {
        return new Outcome.Failure(
                failure.getFailureClass(),
                mask(failure.code()),
                mask(failure.words()),
                attempt.account().settings().mask(failure.meaning()),
                failure.mayHaveBeenSent() || uncertain);
    }

    /** The last of the tries is recorded as what it led to. */
    private static Disposition disposition(DeliveryFailed failure) {
        return failure.disposition() == Disposition.STOP_CIRCUIT ? Disposition.STOP_CIRCUIT : Disposition.DEAD_LETTER;
    }

    private @Nullable String words(DeliveryFailed failure) {
        return attempt.words() == null ? mask(failure.meaning()) : attempt.words();
    }

    /** A vendor may send back what it was sent, in any part of its answer. */
    private @Nullable String mask(@Nullable String text) {
        return text == null ? null : attempt.account().settings().mask(text);
    }

    private Outcome.Tried tried(Disposition disposition, @Nullable String words) {
        return new Outcome.Tried(
                attempt.startedAt(),
                disposition,
                attempt.httpStatus(),
                attempt.code(),
                words,
                attempt.request(),
                attempt.answer());
    }
}
