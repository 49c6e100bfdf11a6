package dev.switchboard.hours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHoursTest {

    private static final String WITHOUT_START =
            "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n";

    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final String OFFICE = "Mon-Fri 09:00-18:00, Sat 10:00-14:00";

    @TempDir
    Path folder;

    private static OpeningHours hours(String hours, String holidays, String quiet, ZoneId zone) {
        return OpeningHours.of(Timetable.read(hours), Holidays.read(holidays), Timetable.read(quiet), zone);
    }

    private static Instant at(String local, ZoneId zone) {
        return LocalDateTime.parse(local).atZone(zone).toInstant();
    }

    private static String local(Instant time, ZoneId zone) {
        return LocalDateTime.ofInstant(time, zone).toString();
    }

    // 2026-11-27 is a Friday
    @ParameterizedTest
    @CsvSource({
        "2026-11-27T08:59:59, false, 2026-11-27T09:00",
        "2026-11-27T09:00:00, true, 2026-11-28T10:00",
        "2026-11-27T17:59:59, true, 2026-11-28T10:00",
        "2026-11-27T18:00:00, false, 2026-11-28T10:00",
        "2026-11-28T14:00:00, false, 2026-11-30T09:00",
        "2026-11-29T12:00:00, false, 2026-11-30T09:00"
    })
    void aWeekOpensAndCloses(String time, boolean open, String next) {
        OpeningHours hours = hours(OFFICE, "", "", SEOUL);
        assertThat(hours.isOpen(at(time, SEOUL))).isEqualTo(open);
        assertThat(local(hours.nextOpening(at(time, SEOUL)).orElseThrow(), SEOUL))
                .isEqualTo(next);
    }

    @Test
    void aHolidayIsClosedAndNeedsNoTimeOfALifetime() {
        OpeningHours hours = hours(OFFICE, "2026-11-30, 2026-12-01", "", SEOUL);
        Instant friday = at("2026-11-27T17:00:00", SEOUL);
        assertThat(hours.isOpen(at("2026-11-30T12:00:00", SEOUL))).isFalse();
        assertThat(local(hours.nextOpening(at("2026-11-28T15:00:00", SEOUL)).orElseThrow(), SEOUL))
                .isEqualTo("2026-12-02T09:00");
        assertThat(local(hours.plus(friday, Duration.ofHours(6)), SEOUL))
                .as("one on Friday, four on Saturday, one on Wednesday")
                .isEqualTo("2026-12-02T10:00");
        assertThat(local(hours.plus(at("2026-11-29T00:00:00", SEOUL), Duration.ofHours(1)), SEOUL))
                .isEqualTo("2026-12-02T10:00");
    }

    @Test
    void quietHoursAreOfEveryDayAndReachOverMidnight() {
        OpeningHours hours = hours("", "", "21:00-08:00", SEOUL);
        assertThat(hours.isOpen(at("2026-11-29T20:59:59", SEOUL))).isTrue();
        assertThat(hours.isOpen(at("2026-11-29T21:00:00", SEOUL))).isFalse();
        assertThat(hours.isOpen(at("2026-11-30T07:59:59", SEOUL))).isFalse();
        assertThat(local(hours.nextOpening(at("2026-11-30T02:00:00", SEOUL)).orElseThrow(), SEOUL))
                .isEqualTo("2026-11-30T08:00");
        OpeningHours both = hours("Mon-Sun 00:00-24:00", "", "Fri 22:00-02:00", SEOUL);
        assertThat(both.isOpen(at("2026-11-28T01:00:00", SEOUL))).isFalse();
        assertThat(both.isOpen(at("2026-11-29T01:00:00", SEOUL))).isTrue();
    }

    @Test
    void anOpeningStaysAtItsHourWhenTheClocksChange() {
        OpeningHours hours = hours("09:00-17:00", "", "", WARSAW);
        assertThat(hours.nextOpening(Instant.parse("2026-03-28T20:00:00Z")))
                .contains(Instant.parse("2026-03-29T07:00:00Z"));
        assertThat(hours.nextOpening(Instant.parse("2026-10-24T20:00:00Z")))
                .contains(Instant.parse("2026-10-25T08:00:00Z"));
        assertThat(hours.plus(Instant.parse("2026-03-28T15:00:00Z"), Duration.ofHours(2)))
                .isEqualTo(Instant.parse("2026-03-29T08:00:00Z"));
    }

    @Test
    void aTimeThatTheClocksLeaveOutOpensWhenTheyDo() {
        OpeningHours hours = hours("02:30-05:00", "", "", WARSAW);
        assertThat(hours.nextOpening(Instant.parse("2026-03-28T23:00:00Z")))
                .contains(Instant.parse("2026-03-29T01:00:00Z"));
    }

    @Test
    void aTimeThatTheClocksShowTwiceIsClosedTwice() {
        OpeningHours hours = hours("", "", "02:00-03:00", WARSAW);
        Instant first = Instant.parse("2026-10-25T00:30:00Z");
        assertThat(hours.isOpen(first)).isFalse();
        assertThat(hours.isOpen(first.plusSeconds(3600))).isFalse();
        assertThat(hours.nextOpening(first)).contains(Instant.parse("2026-10-25T02:00:00Z"));
    }

    @Test
    void aCalendarFileHoldsHolidaysOfOneYearAndOfEveryYear() throws IOException {
        Path file = folder.resolve("holidays.ics");
        Files.writeString(
                file,
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270209\r\nSUMMARY:Seol"
                        + "lal, a long name that is fol\r\n ded\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20201225T000000Z\r\n"
                        + "RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        OpeningHours hours = hours("00:00-24:00", file + ", 2026-05-05", "", SEOUL);
        for (String day :
                new String[] {"2027-02-06", "2027-02-07", "2027-02-08", "2026-12-25", "2031-12-25", "2026-05-05"}) {
            assertThat(hours.isOpen(at(day + "T12:00:00", SEOUL))).as(day).isFalse();
        }
        for (String day : new String[] {"2027-02-05", "2027-02-09", "2026-12-24"}) {
            assertThat(hours.isOpen(at(day + "T12:00:00", SEOUL))).as(day).isTrue();
        }
    }

    /** As calendar programs write it: rules of the time zone are no events, and a rule may name the fourth Thursday. */
    @Test
    void aCalendarFileMayHaveATimeZoneRulesAndExceptions() throws IOException {
        Path file = Files.writeString(folder.resolve("holidays.ics"), """
                BEGIN:VCALENDAR
                VERSION:2.0
                BEGIN:VTIMEZONE
                TZID:Europe/Warsaw
                BEGIN:DAYLIGHT
                DTSTART:19700329T020000
                RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
                TZOFFSETFROM:+0100
                TZOFFSETTO:+0200
                END:DAYLIGHT
                END:VTIMEZONE
                BEGIN:VEVENT
                DTSTART;VALUE=DATE:20201126
                RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
                EXDATE;VALUE=DATE:20281123
                END:VEVENT
                BEGIN:VEVENT
                DTSTART;TZID=Europe/Warsaw:20270503T000000
                DTEND;TZID=Europe/Warsaw:20270504T000000
                END:VEVENT
                BEGIN:VEVENT
                DTSTART;VALUE=DATE:20270101
                STATUS:CANCELLED
                END:VEVENT
                BEGIN:VEVENT
                DTSTART:20271224T120000
                DURATION:PT1H
                END:VEVENT
                END:VCALENDAR
                """);
        assertThat(Holidays.read(file.toString()).dates())
                .contains(
                        LocalDate.of(2026, 11, 26),
                        LocalDate.of(2027, 11, 25),
                        LocalDate.of(2027, 5, 3),
                        LocalDate.of(2027, 12, 24))
                .doesNotContain(
                        LocalDate.of(2028, 11, 23),
                        LocalDate.of(2027, 5, 4),
                        LocalDate.of(2027, 1, 1),
                        LocalDate.of(1970, 3, 29),
                        LocalDate.of(2027, 3, 28));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270206\nEND:VEVENT\n", WITHOUT_START})
    void aFileThatIsNoCalendarIsRefused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("holidays.ics"), text);
        assertThatThrownBy(() -> Holidays.read(file.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holidays.ics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mon", "09:00", "Xyz 09:00-10:00", "Mon-Fri 9-18", "Mon 25:00-26:00", "Mon 09:00-18:00;"})
    void whatIsNoTimetableIsRefused(String text) {
        assertThatThrownBy(() -> Timetable.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30", "tomorrow", "no-such-file.ics"})
    void whatIsNoHolidayIsRefused(String text) {
        assertThatThrownBy(() -> Holidays.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hoursThatNeverOpenAreRefused() {
        assertThatThrownBy(() -> hours("", "", "00:00-24:00", SEOUL)).hasMessageContaining("opens");
    }

    @Test
    void withoutHoursALifetimeIsAsLongAsItSays() {
        assertThat(OpeningHours.ALWAYS.plus(Instant.EPOCH, Duration.ofDays(3)))
                .isEqualTo(Instant.EPOCH.plusSeconds(259_200));
        assertThat(OpeningHours.ALWAYS.isOpen(Instant.EPOCH)).isTrue();
        assertThat(OpeningHours.ALWAYS.nextOpening(Instant.EPOCH)).isEmpty();
    }
}
