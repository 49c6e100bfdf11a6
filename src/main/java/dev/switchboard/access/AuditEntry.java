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
 * @param subject its path, such as {@code /messages/o-1/replay}; of a long one the beginning
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
        @Nullable Integer status) {

    private static final int LONGEST = 300;

    /** Cuts what callers choose: rows are never deleted. */
    public AuditEntry {
        who = cut(who, LONGEST);
        subject = cut(subject, LONGEST);
    }

    /** Returns the beginning of a text, in whole characters. */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
