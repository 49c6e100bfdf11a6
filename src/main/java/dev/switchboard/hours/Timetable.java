package dev.switchboard.hours;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times of a week, such as {@code Mon-Fri 09:00-18:00, Sat 10:00-14:00}. A range without a day is of every day; one that ends
 * before it begins ends on the next day.
 */
public record Timetable(List<Range> ranges) {

    private static final Pattern RANGE =
            Pattern.compile("(?:(\\w{3})(?:-(\\w{3}))?\\s+)?(\\d{1,2}:\\d\\d)-(\\d{1,2}:\\d\\d)");
    private static final String MIDNIGHT = "24:00";

    /** A time of some days. */
    public record Range(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

        /** Returns whether it ends on the day after. */
        private boolean isOverMidnight() {
            return !to.isAfter(from);
        }

        private boolean holds(LocalDateTime time) {
            boolean today =
                    days.contains(time.getDayOfWeek()) && !time.toLocalTime().isBefore(from);
            if (!isOverMidnight()) {
                return today && time.toLocalTime().isBefore(to);
            }
            boolean yesterday = days.contains(time.getDayOfWeek().minus(1))
                    && time.toLocalTime().isBefore(to);
            return today || yesterday;
        }
    }

    /**
     * Reads a timetable; an empty text has no times.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Timetable read(String text) {
        var ranges = new ArrayList<Range>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            ranges.add(range(part.strip()));
        }
        return new Timetable(List.copyOf(ranges));
    }

    private static Range range(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' must be days and times such as Mon-Fri 09:00-18:00, or times alone");
        }
        Set<DayOfWeek> days = range.group(1) == null
                ? EnumSet.allOf(DayOfWeek.class)
                : days(day(range.group(1)), day(range.group(2) == null ? range.group(1) : range.group(2)));
        return new Range(days, time(range.group(3)), time(range.group(4)));
    }

    private static Set<DayOfWeek> days(DayOfWeek first, DayOfWeek last) {
        var days = EnumSet.of(first);
        for (DayOfWeek day = first; day != last; day = day.plus(1)) {
            days.add(day.plus(1));
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().startsWith(name.toUpperCase(Locale.ROOT))) {
                return day;
            }
        }
        throw new IllegalArgumentException("'" + name + "' must be a day: Mon, Tue, Wed, Thu, Fri, Sat or Sun");
    }

    private static LocalTime time(String text) {
        try {
            return text.equals(MIDNIGHT) ? LocalTime.MIDNIGHT : LocalTime.parse(text.length() == 4 ? "0" + text : text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' must be a time from 00:00 to 24:00", e);
        }
    }

    /** Returns whether it has no times. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns whether a time of day is within it. */
    boolean holds(LocalDateTime time) {
        return ranges.stream().anyMatch(range -> range.holds(time));
    }

    /** Returns when on a day something may begin or end. */
    Collection<LocalTime> changes() {
        var changes = new TreeSet<LocalTime>();
        for (Range range : ranges) {
            changes.add(range.from);
            changes.add(range.to);
        }
        return changes;
    }
}
