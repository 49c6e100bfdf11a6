package dev.switchboard.lane;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt would do now.
 *
 * @param request what would be sent, as JSON text with {@code method}, {@code url} and {@code body}, secrets masked; null
 *     where nothing would be
 * @param result what would come of it without a call
 * @param failure the class and the meaning of why nothing would be sent
 */
public record Preview(
        @Nullable String request,
        @Nullable Object result,
        @Nullable String failure) {}
