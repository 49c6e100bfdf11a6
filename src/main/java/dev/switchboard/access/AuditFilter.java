package dev.switchboard.access;

import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit someone asks for; null: all.
 *
 * @param who the name of a key
 * @param operation an operationId of the API
 * @param subject how the path begins
 * @param from at or after, in milliseconds since 1970
 * @param to before, in milliseconds since 1970
 */
public record AuditFilter(
        @Nullable String who,
        @Nullable String operation,
        @Nullable String subject,
        @Nullable Long from,
        @Nullable Long to) {}
