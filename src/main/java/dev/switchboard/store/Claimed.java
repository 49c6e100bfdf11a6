package dev.switchboard.store;

import dev.switchboard.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message that its lane has claimed for an attempt; its state is {@code sending}.
 *
 * @param seq the store's own number of it
 * @param message the message
 * @param api the api that does it
 * @param attempt the attempt's number, from 1
 * @param tries how many attempts have counted on the retry schedule
 * @param ambiguous whether an earlier attempt may have been done
 * @param trace W3C trace context
 * @param epoch of the owner that claimed it
 */
public record Claimed(
        long seq,
        Message message,
        String api,
        int attempt,
        int tries,
        boolean ambiguous,
        @Nullable String trace,
        long epoch) {

    /** Returns when the message was accepted, in milliseconds since 1970. */
    public long acceptedAt() {
        return Clock.time(seq);
    }

    Claimed in(long claimedIn) {
        return new Claimed(seq, message, api, attempt, tries, ambiguous, trace, claimedIn);
    }
}
