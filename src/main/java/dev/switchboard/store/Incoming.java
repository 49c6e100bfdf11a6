package dev.switchboard.store;

import dev.switchboard.message.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A checked message on its way into the store.
 *
 * @param message the message; it has an id
 * @param lane the message's lane
 * @param conversation the message's conversation
 * @param body the message as it is kept
 * @param hash tells it from another message of the same id
 * @param api the api that will do it
 * @param expires when it expires, in milliseconds since 1970, unless it says so itself
 * @param source the way it came in
 */
public record Incoming(
        Message message,
        String lane,
        @Nullable String conversation,
        String body,
        String hash,
        String api,
        long expires,
        Source source) {

    /** Puts into words what is kept, on the thread that takes the message in: the one that writes has more to do. */
    public Incoming(Message message, String api, long expires, Source source) {
        this(
                message,
                message.lane(),
                message.conversationId(),
                message.json().toString(),
                message.hash(),
                api,
                expires,
                source);
    }

    /** Returns the same, come in another way. */
    Incoming from(Source other) {
        return new Incoming(message, lane, conversation, body, hash, api, expires, other);
    }

    /** Returns when it expires, in milliseconds since 1970. */
    long expiresAt() {
        Instant given = message.expiresAt();
        return given == null ? expires : given.toEpochMilli();
    }

    /**
     * The way a message came in.
     *
     * @param intake {@code rest}, {@code file}, {@code queue} or {@code fallback}
     * @param batch id of the batch
     * @param line the record's line in the batch
     * @param replyTo the queue that wants the outcome
     * @param correlation what the reply is correlated by
     * @param trace W3C trace context
     * @param sender who handed it in, where that is known
     */
    public record Source(
            String intake,
            @Nullable String batch,
            @Nullable Long line,
            @Nullable String replyTo,
            @Nullable String correlation,
            @Nullable String trace,
            @Nullable String sender) {

        /** Makes a source that needs no more than its name. */
        public static Source of(String intake, @Nullable String trace) {
            return new Source(intake, null, null, null, null, trace, null);
        }
    }
}
