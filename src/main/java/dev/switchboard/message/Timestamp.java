package dev.switchboard.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads times as RFC 3339 allows them: Java's own formats refuse leap seconds, more than nine digits of a second and offsets
 * of more than 18 hours.
 */
public final class Timestamp {

    private static final Pattern FORM = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,100}))?(?:[Zz]|([+-])(\\d\\d):(\\d\\d))");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final int NANO_DIGITS = 9;

    private Timestamp() {}

    /**
     * Reads a time. A leap second is the first second of the next day; digits beyond nanoseconds are cut off.
     *
     * @throws DateTimeException when it is none
     */
    public static Instant parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new DateTimeException("is not an RFC 3339 time");
        }
        int second = number(parts, 6);
        LocalDateTime local = LocalDateTime.of(
                number(parts, 1),
                number(parts, 2),
                number(parts, 3),
                number(parts, 4),
                number(parts, 5),
                second == 60 ? 59 : second,
                nanos(parts.group(7)));
        LocalDateTime utc = local.minusSeconds(offset(parts));
        return (second == 60 ? afterLeapSecond(utc) : utc).toInstant(ZoneOffset.UTC);
    }

    /** Returns a time as text; one after the year 9999, which RFC 3339 cannot write, is the end of that year. */
    public static String of(long epochMillis) {
        Instant time = Instant.ofEpochMilli(epochMillis);
        return (time.isAfter(LAST) ? LAST : time).toString();
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS));
    }

    private static int offset(Matcher parts) {
        if (parts.group(8) == null) {
            return 0;
        }
        int hours = number(parts, 9);
        int minutes = number(parts, 10);
        if (hours > 23 || minutes > 59) {
            throw new DateTimeException("has an offset of more than 23:59");
        }
        return (parts.group(8).equals("-") ? -1 : 1) * (hours * 60 + minutes) * 60;
    }

    /** Leap seconds come only at the end of a month. */
    private static LocalDateTime afterLeapSecond(LocalDateTime utc) {
        LocalDateTime next = utc.plusSeconds(1);
        if (next.getDayOfMonth() != 1 || next.toLocalTime().toSecondOfDay() != 0) {
            throw new DateTimeException("has a leap second that is not at the end of a month");
        }
        return next;
    }
}
