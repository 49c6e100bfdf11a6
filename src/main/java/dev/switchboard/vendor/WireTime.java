package dev.switchboard.vendor;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads times such as {@code yyyy-MM-dd HH:mm:ss}, without a zone, as RFC 3339. */
final class WireTime {
    private WireTime() {}

    /** Returns whether a time means that there is none: blank, or the database's zero date. */
    static boolean isNone(String text) {
        return text.isBlank() || text.strip().startsWith("0000-00-00");
    }

    /** Gives the time with its offset in the zone; one that brings an offset keeps it. Empty where it is no time. */
    static Optional<String> read(String text, ZoneId zone) {
        try {
            var parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.strip().replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
            OffsetDateTime time = parsed instanceof LocalDateTime local
                    ? local.atZone(zone).toOffsetDateTime()
                    : OffsetDateTime.from(parsed);
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
