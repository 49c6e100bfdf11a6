package dev.switchboard.hours;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When messages may be sent: within a weekly timetable that holidays suspend, and outside quiet hours. All times are local ones
 * of a zone, so that an opening stays at its hour when the clocks change.
 */
public final class OpeningHours {

    /** No limit. */
    public static final OpeningHours ALWAYS =
            new OpeningHours(Timetable.read(""), Holidays.read(""), Timetable.read(""), ZoneId.of("UTC"));

    private static final int LOOK_AHEAD_DAYS = 400;

    private final Timetable open;
    private final Holidays holidays;
    private final Timetable quiet;
    private final ZoneId zone;

    private OpeningHours(Timetable open, Holidays holidays, Timetable quiet, ZoneId zone) {
        this.open = open;
        this.holidays = holidays;
        this.quiet = quiet;
        this.zone = zone;
    }

    /**
     * Reads opening hours.
     *
     * @param hours a timetable; empty: always
     * @param holidays dates and calendar files, on which the timetable is not in force
     * @param quiet a timetable of the times in which nothing is sent
     * @throws IllegalArgumentException when they never open
     */
    public static OpeningHours of(Timetable hours, Holidays holidays, Timetable quiet, ZoneId zone) {
        if (hours.isEmpty() && quiet.isEmpty()) {
            return ALWAYS;
        }
        var read = new OpeningHours(hours, holidays, quiet, zone);
        Instant now = Instant.now();
        if (!read.isOpen(now) && read.nextOpening(now).isEmpty()) {
            throw new IllegalArgumentException("nothing opens in the next " + LOOK_AHEAD_DAYS + " days");
        }
        return read;
    }

    /** Returns whether there is no limit. */
    public boolean isAlways() {
        return this == ALWAYS;
    }

    /** Returns whether messages may be sent at a time. */
    public boolean isOpen(Instant time) {
        if (isAlways()) {
            return true;
        }
        LocalDateTime local = LocalDateTime.ofInstant(time, zone);
        boolean within = open.isEmpty() || (open.holds(local) && !holidays.holds(local.toLocalDate()));
        return within && !quiet.holds(local);
    }

    /** Returns the next opening after a time, also where it is open then; nothing where there is none for a year. */
    public Optional<Instant> nextOpening(Instant time) {
        return isAlways() ? Optional.empty() : nextChange(time, true);
    }

    /** Returns when so much open time has passed since a time. */
    public Instant plus(Instant time, Duration openTime) {
        Duration left = openTime;
        Optional<Instant> opens = isOpen(time) ? Optional.of(time) : nextOpening(time);
        while (opens.isPresent() && !isAlways()) {
            Instant from = opens.get();
            Optional<Instant> closes = nextChange(from, false);
            if (closes.isEmpty() || from.plus(left).isBefore(closes.get())) {
                return from.plus(left);
            }
            left = left.minus(Duration.between(from, closes.get()));
            opens = nextOpening(closes.get());
        }
        return time.plus(openTime);
    }

    private Optional<Instant> nextChange(Instant after, boolean opening) {
        LocalDate day = LocalDate.ofInstant(after, zone);
        for (int ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead++) {
            Optional<Instant> change = changes(day.plusDays(ahead)).stream()
                    .filter(each -> each.isAfter(after))
                    .filter(each -> isOpen(each) == opening && isOpen(each.minusNanos(1)) != opening)
                    .findFirst();
            if (change.isPresent()) {
                return change;
            }
        }
        return Optional.empty();
    }

    /** Returns when something may change on a day: at times of the timetables, at midnight, and when the clocks change. */
    private Collection<Instant> changes(LocalDate day) {
        var changes = new TreeSet<Instant>();
        add(changes, day.atStartOfDay());
        open.changes().forEach(time -> add(changes, day.atTime(time)));
        quiet.changes().forEach(time -> add(changes, day.atTime(time)));
        Instant start = day.atStartOfDay(zone).toInstant();
        ZoneOffsetTransition clocks = zone.getRules().nextTransition(start);
        if (clocks != null && clocks.getInstant().isBefore(start.plus(Duration.ofDays(1)))) {
            changes.add(clocks.getInstant());
        }
        return changes;
    }

    /** A time that the clocks leave out is over when they do; one that they show twice comes twice. */
    private void add(Collection<Instant> changes, LocalDateTime local) {
        ZoneOffsetTransition clocks = zone.getRules().getTransition(local);
        if (clocks != null && clocks.isGap()) {
            changes.add(clocks.getInstant());
        } else {
            zone.getRules().getValidOffsets(local).forEach(offset -> changes.add(local.toInstant(offset)));
        }
    }
}
