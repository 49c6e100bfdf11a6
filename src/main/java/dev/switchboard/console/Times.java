package dev.switchboard.console;

import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateExtension.TemplateAttribute;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them, in the zone of the bus. */
final class Times {

    private static final DateTimeFormatter WHOLE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS XXX");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Times() {}

    /** Returns the zone of the bus. */
    static String zone() {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        return now.getZone() + " (UTC" + (now.getOffset().getTotalSeconds() == 0 ? "" : now.getOffset()) + ")";
    }

    /** Returns the time that a browser sends as its user reads it, without an offset. */
    static String instant(String time) {
        try {
            return LocalDateTime.parse(time)
                    .atZone(ZoneId.systemDefault())
                    .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns a time such as {@code 12:31:05}, with its day where that is not today. */
    @TemplateExtension
    static String clock(String time) {
        try {
            ZonedDateTime there = Instant.parse(time).atZone(ZoneId.systemDefault());
            return there.format(there.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault())) ? TODAY : DAY);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns a time to the millisecond, with its day and offset. */
    @TemplateExtension
    static String whole(String time) {
        try {
            return Instant.parse(time).atZone(ZoneId.systemDefault()).format(WHOLE);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns how far away a time is, in its largest unit. */
    @TemplateExtension
    static String age(String time, @TemplateAttribute(Texts.ATTRIBUTE) Object language) {
        try {
            return length(Duration.between(Instant.parse(time), Instant.now()).abs(), language);
        } catch (DateTimeException e) {
            return time;
        }
    }

    private static String length(Duration age, Object language) {
        if (age.toDays() > 1) {
            return Texts.fill("age_days", age.toDays(), language);
        }
        if (age.toHours() > 1) {
            return Texts.fill("age_hours", age.toHours(), language);
        }
        return age.toMinutes() > 1
                ? Texts.fill("age_minutes", age.toMinutes(), language)
                : Texts.fill("age_seconds", age.toSeconds(), language);
    }

    /** Returns how long something took that ended at a time, such as {@code 0.021 s}. */
    @TemplateExtension
    static String since(String end, String start) {
        try {
            Duration took = Duration.between(Instant.parse(start), Instant.parse(end));
            return String.format(Locale.ROOT, "%.3f s", took.toMillis() / 1000.0);
        } catch (DateTimeException e) {
            return "";
        }
    }
}
