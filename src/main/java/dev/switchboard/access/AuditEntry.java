package dev.switchboard.access;

import org.jspecify.annotations.Nullable;

/**
 * Someone asked for something, or it was refused.
 *
 * @param seq its number; 0 before it is written
 * @param at when, in milliseconds since 1970
 * @param who the name of a key
 * @param address where from; null where that is not known
 * @param operation its id in {@code routes/openapi.yaml}, or of a command
 * @param subject its path, such as {@code /messages/o-1/replay}
 * @param detail what was asked, as JSON
 * @param status the HTTP status with which it ended; null: it goes on, or the bus stopped meanwhile
 */
public record AuditEntry(
        long seq,
        long at,
        String who,
        @Nullable String address,
        String operation,
        String subject,
        @Nullable String detail,
        @Nullable Integer status) {}
