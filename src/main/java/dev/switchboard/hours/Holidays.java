package dev.switchboard.hours;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.TimezoneAssignment;
import biweekly.property.DateStart;
import biweekly.util.com.google.ical.compat.javautil.DateIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;

/**
 * Days on which nothing opens: named ones, and those of calendar files (iCalendar, RFC 5545), each in the time zone of its event. Of
 * events that are repeated, those of the next ten years are read.
 */
public record Holidays(Set<LocalDate> dates) {

    private static final String CALENDAR = ".ics";
    private static final int YEARS = 10;
    private static final int LONGEST = 366;
    private static final int MOST = 366 * (YEARS + 1);

    /**
     * Reads dates such as {@code 2026-12-25} and names of files that end in {@code .ics}, with commas between them.
     *
     * @throws IllegalArgumentException when one is neither, or a file cannot be read
     */
    public static Holidays read(String text) {
        var holidays = new Holidays(new HashSet<>());
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
        List<ICalendar> calendars;
        try {
            calendars = Biweekly.parse(Files.readString(file)).all();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read as a calendar in UTF-8: " + e.getMessage(), e);
        }
        if (calendars.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no calendar: there is no BEGIN:VCALENDAR");
        }
        for (ICalendar calendar : calendars) {
            for (VEvent event : calendar.getEvents()) {
                add(file, calendar, event);
            }
        }
    }

    private void add(Path file, ICalendar calendar, VEvent event) {
        if (event.getStatus() != null && event.getStatus().isCancelled()) {
            return;
        }
        DateStart start = event.getDateStart();
        if (start == null) {
            String name =
                    event.getSummary() == null ? "" : " " + event.getSummary().getValue();
            throw new IllegalArgumentException(file + ": the event" + name + " has no DTSTART that is a date");
        }
        TimeZone zone = zone(calendar, start);
        long days = days(event, zone.toZoneId());
        LocalDate end = LocalDate.now(zone.toZoneId()).plusYears(YEARS);
        DateIterator each = event.getDateIterator(zone);
        for (int count = 0; each.hasNext() && count < MOST; count++) {
            LocalDate first = LocalDate.ofInstant(each.next().toInstant(), zone.toZoneId());
            if (first.isAfter(end)) {
                return;
            }
            first.datesUntil(first.plusDays(days)).forEach(dates::add);
        }
    }

    /** Dates and local times are read, and given back, in that of the system. */
    private static TimeZone zone(ICalendar calendar, DateStart start) {
        TimezoneAssignment named = calendar.getTimezoneInfo().getTimezone(start);
        if (named != null && start.getValue().hasTime()) {
            return named.getTimeZone();
        }
        boolean local =
                !start.getValue().hasTime() || calendar.getTimezoneInfo().isFloating(start);
        return local ? TimeZone.getDefault() : TimeZone.getTimeZone(ZoneOffset.UTC);
    }

    /** Returns how many days an event touches. Its end, where it is midnight, is no part of it. */
    private static long days(VEvent event, ZoneId zone) {
        var start = event.getDateStart().getValue().toInstant();
        var end = start.plus(Duration.ofDays(1));
        if (event.getDateEnd() != null) {
            end = event.getDateEnd().getValue().toInstant();
        } else if (event.getDuration() != null) {
            end = start.plusMillis(event.getDuration().getValue().toMillis());
        }
        long days =
                ChronoUnit.DAYS.between(LocalDate.ofInstant(start, zone), LocalDate.ofInstant(end.minusNanos(1), zone))
                        + 1;
        return Math.max(1, Math.min(days, LONGEST));
    }

    boolean holds(LocalDate day) {
        return dates.contains(day);
    }
}
