package dev.switchboard.message;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one record of a batch.
 *
 * @param line the record's line in the file, from 1
 * @param id the message's id
 * @param state the message's state, {@code invalid}, or {@code duplicate} with the first outcome behind a colon
 * @param failureClass why it was not delivered
 * @param code the vendor's code
 * @param message what is wrong, in words
 * @param result what a delivered message brought, as JSON
 * @param attempts how often it was tried
 * @param finishedAt when it was finished, as RFC 3339
 * @param fallback id of the message that was sent in its place
 */
public record BatchLine(
        long line,
        @Nullable String id,
        String state,
        @Nullable String failureClass,
        @Nullable String code,
        @Nullable String message,
        @Nullable String result,
        int attempts,
        @Nullable String finishedAt,
        @Nullable String fallback) {}
