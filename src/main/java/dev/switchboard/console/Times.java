package dev.switchboard.console;

import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateExtension.TemplateAttribute;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times as people read and type them, in the zone of the viewer. */
final class Times {

    /** The template attribute that holds the viewer's zone. */
    static final String ATTRIBUTE = "zone";

    /** The cookie that holds whether times are shown in UTC or in the browser's zone. */
    static final String CLOCK = "clock";

    static final String UTC = "utc";
    static final String LOCAL = "local";

    private static final DateTimeFormatter WHOLE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS XXX");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Times() {}

    /** Returns the zone of a name; that of the bus if there is no such zone. */
    static ZoneId zone(String name) {
        try {
            return name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneId.systemDefault();
        }
    }

    /** Returns a zone with its offset, such as {@code Europe/Warsaw (UTC+01:00)}. */
    static String name(ZoneId zone) {
        ZonedDateTime now = ZonedDateTime.now(zone);
        String offset = "UTC" + (now.getOffset().getTotalSeconds() == 0 ? "" : now.getOffset());
        return zone.getId().equals(offset) ? offset : zone.getId() + " (" + offset + ")";
    }

    /** Adds the offset of a zone to a time that was typed without; leaves any other text as it is. */
    static String instant(String time, ZoneId zone) {
        try {
            return LocalDateTime.parse(time).atZone(zone).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns a time with an offset as a browser's field shows it in a zone; leaves any other text as it is. */
    static String local(String time, ZoneId zone) {
        try {
            return OffsetDateTime.parse(time)
                    .atZoneSameInstant(zone)
                    .toLocalDateTime()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns a time such as {@code 12:31:05}, with its day unless that is today. */
    @TemplateExtension
    static String clock(String time, @TemplateAttribute(ATTRIBUTE) Object zone) {
        try {
            ZonedDateTime there = Instant.parse(time).atZone((ZoneId) zone);
            return there.format(there.toLocalDate().equals(LocalDate.now((ZoneId) zone)) ? TODAY : DAY);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns a time to the millisecond, with its day and offset. */
    @TemplateExtension
    static String whole(String time, @TemplateAttribute(ATTRIBUTE) Object zone) {
        try {
            return Instant.parse(time).atZone((ZoneId) zone).format(WHOLE);
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Returns how long ago a time was, or how long it is until then, in its largest unit. */
    @TemplateExtension
    static String away(String time, @TemplateAttribute(Texts.ATTRIBUTE) Object language) {
        try {
            Duration since = Duration.between(Instant.parse(time), Instant.now());
            return Texts.fill(since.isNegative() ? "time_in" : "time_ago", length(since.abs(), language), language);
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
    static String since(String end, String start, @TemplateAttribute(Texts.ATTRIBUTE) Object language) {
        try {
            Duration took = Duration.between(Instant.parse(start), Instant.parse(end));
            return Texts.fill("age_seconds", Texts.counted(took.toMillis() / 1000.0, language), language);
        } catch (DateTimeException e) {
            return "";
        }
    }
}
