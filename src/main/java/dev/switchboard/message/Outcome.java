package dev.switchboard.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an attempt, and by it of the message.
 *
 * @param state where the message stands now
 * @param delay in how many milliseconds a waiting message is tried again
 * @param counted whether the attempt counts on the retry schedule
 * @param uncertain whether this or an earlier attempt may have been done
 * @param attempt what is recorded of the attempt; null where none was made
 * @param failure why it was not delivered
 * @param result what a delivered message brought
 * @param waits what a waiting message waits for until its delay is over
 */
public record Outcome(
        State state,
        long delay,
        boolean counted,
        boolean uncertain,
        @Nullable Tried attempt,
        @Nullable Failure failure,
        @Nullable JsonNode result,
        @Nullable WaitReason waits) {

    /** It is not sent, and nothing is said of why. */
    public static final Outcome DISCARDED = new Outcome(State.DISCARDED, 0, false, false, null, null, null);

    /** It is not attempted now, for a reason that is an opening; nothing else of it changes. */
    public static Outcome putOff(WaitReason opening, long delay, boolean uncertain) {
        return new Outcome(State.WAITING, delay, false, uncertain, null, null, null, opening);
    }

    /** A message that waits does so for the retry schedule, or for a vendor that is closed. */
    public Outcome(
            State state,
            long delay,
            boolean counted,
            boolean uncertain,
            @Nullable Tried attempt,
            @Nullable Failure failure,
            @Nullable JsonNode result) {
        this(
                state,
                delay,
                counted,
                uncertain,
                attempt,
                failure,
                result,
                state == State.WAITING ? waits(attempt) : null);
    }

    private static WaitReason waits(@Nullable Tried attempt) {
        return attempt != null && attempt.disposition == Disposition.LATER ? WaitReason.LATER : WaitReason.RETRY;
    }

    /** Returns the conversation that a delivered message has begun: {@code conversationId} in its result. */
    public @Nullable String conversation() {
        JsonNode begun = result == null ? null : result.path("conversationId");
        return begun != null && begun.isTextual() ? begun.textValue() : null;
    }

    /** Returns the same without the vendor's texts, for a store that does not take them. */
    public Outcome withoutTexts() {
        Tried tried = attempt == null
                ? null
                : new Tried(attempt.startedAt, attempt.disposition, attempt.httpStatus, null, null, null, null);
        Failure why = failure == null
                ? null
                : new Failure(
                        failure.failureClass,
                        null,
                        null,
                        "The vendor's answer could not be stored.",
                        failure.mayHaveBeenSent,
                        failure.deadLetter);
        JsonNode done = result == null ? null : Json.object();
        return new Outcome(state, delay, counted, uncertain, tried, why, done, waits);
    }

    /** Returns the same with the dead-letter route of its failure. */
    public Outcome withDeadLetter(String route) {
        Failure why = failure == null
                ? null
                : new Failure(
                        failure.failureClass,
                        failure.code,
                        failure.message,
                        failure.meaning,
                        failure.mayHaveBeenSent,
                        route);
        return new Outcome(state, delay, counted, uncertain, attempt, why, result, waits);
    }

    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** Returns what it is for a message that must not be sent again: what would wait is given up. */
    public Outcome ended() {
        return state.finished() ? this : new Outcome(State.DISCARDED, 0, counted, uncertain, attempt, null, null);
    }

    /**
     * What is recorded of an attempt.
     *
     * @param disposition what its end made the bus do
     * @param code the vendor's code
     * @param message the vendor's words
     * @param request the request as sent, secrets masked
     * @param answer at most 64 KiB of a failure's answer
     */
    public record Tried(
            Instant startedAt,
            Disposition disposition,
            @Nullable Integer httpStatus,
            @Nullable String code,
            @Nullable String message,
            @Nullable String request,
            @Nullable String answer) {

        /** A database takes no NUL within a text. */
        public Tried {
            code = storable(code);
            message = storable(message);
            request = storable(request);
            answer = storable(answer);
        }
    }

    /**
     * Why a message was not delivered.
     *
     * @param code the vendor's code
     * @param message the vendor's words
     * @param meaning a sentence for people
     * @param mayHaveBeenSent whether it may have reached its goal anyway
     * @param deadLetter the dead-letter route that the error handlers chose; null where they have not been asked yet
     */
    public record Failure(
            FailureClass failureClass,
            @Nullable String code,
            @Nullable String message,
            String meaning,
            boolean mayHaveBeenSent,
            @Nullable String deadLetter) {

        /** A database takes no NUL within a text. */
        public Failure {
            code = storable(code);
        }

        /** Makes a failure about which the error handlers have not been asked yet. */
        public Failure(
                FailureClass failureClass,
                @Nullable String code,
                @Nullable String message,
                String meaning,
                boolean mayHaveBeenSent) {
            this(failureClass, code, message, meaning, mayHaveBeenSent, null);
        }

        /** Reads what {@link #json} has written. */
        public static Failure of(JsonNode known) {
            return new Failure(
                    FailureClass.of(known.path("class").asText()),
                    known.path("code").asText(null),
                    known.path("message").asText(null),
                    known.path("meaning").asText(),
                    known.path("mayHaveBeenSent").asBoolean(),
                    known.path("deadLetter").asText(null));
        }

        /** Returns it as the contract's views show it. */
        public ObjectNode json(String api) {
            ObjectNode json = Json.object();
            json.put("class", failureClass.toString());
            json.put("api", api);
            json.put("code", code);
            json.put("message", message);
            json.put("meaning", meaning);
            json.put("deadLetter", deadLetter);
            if (mayHaveBeenSent) {
                json.put("mayHaveBeenSent", true);
            }
            json.properties().removeIf(field -> field.getValue().isNull());
            return json;
        }
    }
}
