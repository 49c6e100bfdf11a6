package dev.switchboard.queue;

import dev.switchboard.database.Clock;
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
 * @param uncertain whether an earlier attempt may have been done
 * @param trace W3C trace context
 * @param epoch of the owner that claimed it
 * @param rest what its end has to do with next to its lane; null: that is looked up then
 */
public record Claimed(
        long seq,
        Message message,
        String api,
        int attempt,
        int tries,
        boolean uncertain,
        @Nullable String trace,
        long epoch,
        @Nullable Rest rest) {

    /**
     * What the end of a message has to do with.
     *
     * @param batch id of its batch
     * @param replyTo the queue that wants the outcome
     * @param correlation what the reply is correlated by
     * @param run the replay run that its next outcome belongs to
     */
    public record Rest(
            @Nullable String batch,
            @Nullable String replyTo,
            @Nullable String correlation,
            @Nullable Long run) {}

    /** Returns when the message was accepted, in milliseconds since 1970. */
    public long acceptedAt() {
        return Clock.time(seq);
    }

    Claimed in(long claimedIn) {
        return new Claimed(seq, message, api, attempt, tries, uncertain, trace, claimedIn, rest);
    }
}
