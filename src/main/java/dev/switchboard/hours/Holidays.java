package dev.switchboard.hours;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Days on which nothing opens: named ones, and those of calendar files (iCalendar, RFC 5545). */
public record Holidays(Set<LocalDate> dates, Set<MonthDay> yearly) {

    private static final String CALENDAR = ".ics";
    private static final Pattern PROPERTY = Pattern.compile("(DTSTART|DTEND|RRULE|BEGIN|END)([;:].*)");
    private static final Pattern DATE = Pattern.compile(".*[;:](\\d{8})(?:T\\d{6}Z?)?");
    private static final int LONGEST = 366;

    /** An event of a calendar. */
    private static final class Event {
        private @Nullable LocalDate first;
        private @Nullable LocalDate end;
        private boolean yearly;
    }

    /**
     * Reads dates such as {@code 2026-12-25} and names of files that end in {@code .ics}, with commas between them.
     *
     * @throws IllegalArgumentException when one is neither, or a file cannot be read
     */
    public static Holidays read(String text) {
        var holidays = new Holidays(new HashSet<>(), new HashSet<>());
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            holidays.add(part.strip());
        }
        return holidays;
    }

    private void add(String part) {
        if (part.toLowerCase(Locale.ROOT).endsWith(CALENDAR)) {
            addFile(Path.of(part));
            return;
        }
        try {
            dates.add(LocalDate.parse(part));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + part + "' must be a date such as 2026-12-25 or the name of a calendar file (" + CALENDAR
                            + ")",
                    e);
        }
    }

    private void addFile(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read as a calendar in UTF-8: " + e.getMessage(), e);
        }
        var event = new Event();
        int number = 0;
        for (String line : text.replaceAll("\\r?\\n[ \\t]", "").split("\\r?\\n", -1)) {
            number++;
            try {
                event = read(line, event);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        file + ", line " + number + " (folded lines as one): " + e.getMessage(), e);
            }
        }
    }

    private Event read(String line, Event event) {
        Matcher property = PROPERTY.matcher(line);
        if (!property.matches()) {
            return event;
        }
        String value = property.group(2);
        switch (property.group(1)) {
            case "DTSTART" -> event.first = date(value);
            case "DTEND" -> event.end = date(value);
            case "RRULE" -> event.yearly = isYearly(value);
            default -> {
                if (value.equals(":VEVENT")) {
                    add(event);
                    return new Event();
                }
            }
        }
        return event;
    }

    private static LocalDate date(String value) {
        Matcher date = DATE.matcher(value);
        if (!date.matches()) {
            throw new DateTimeException("'" + value + "' is not a date");
        }
        return LocalDate.parse(date.group(1), DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static boolean isYearly(String rule) {
        if (!rule.matches(":FREQ=YEARLY(;(BYMONTH|BYMONTHDAY|INTERVAL)=\\d+)*")
                || rule.matches(".*INTERVAL=(?!1(;|$)).*")) {
            throw new DateTimeException("only events that are repeated every year are understood, not RRULE" + rule);
        }
        return true;
    }

    /** The end of an event is the day after its last. */
    private void add(Event event) {
        if (event.first == null) {
            return;
        }
        LocalDate end = event.end == null || !event.end.isAfter(event.first) ? event.first.plusDays(1) : event.end;
        event.first
                .datesUntil(end)
                .limit(LONGEST)
                .forEach(event.yearly ? day -> yearly.add(MonthDay.from(day)) : dates::add);
    }

    boolean isEmpty() {
        return dates.isEmpty() && yearly.isEmpty();
    }

    boolean holds(LocalDate day) {
        return dates.contains(day) || yearly.contains(MonthDay.from(day));
    }
}
