package dev.switchboard.lane;

import dev.switchboard.delivery.Attempt;
import dev.switchboard.hours.Holidays;
import dev.switchboard.hours.OpeningHours;
import dev.switchboard.hours.Timetable;
import dev.switchboard.settings.SetNames;
import dev.switchboard.settings.Setting;
import io.smallrye.config.SmallRyeConfig;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a lane works: {@code switchboard.lane.*}, each also per account as {@code …accounts.<account>.lane.*}.
 *
 * @param concurrency attempts at the same time
 * @param timeout the whole time of an attempt
 * @param expiresAfter how long a message lives that does not say so itself
 * @param retry how long to wait after each failed attempt; after the last the message is dead
 * @param later how long to wait while the vendor is closed
 * @param resend whether a message is sent again after an uncertain answer although that may double it
 * @param maxAnswer how many bytes of an answer are read
 * @param idle how long an unused connection is used again
 * @param rate how many attempts may start in which time, such as {@code 10/s}, if that is bounded
 * @param circuit when the lane's circuits open, and when they are probed
 * @param hours when messages may be sent
 * @param gate how often the vendor is asked whether anyone is available, if it is
 */
public record LaneSettings(
        int concurrency,
        Duration timeout,
        Duration expiresAfter,
        List<Duration> retry,
        Duration later,
        boolean resend,
        long maxAnswer,
        Duration idle,
        Optional<String> rate,
        Circuit.Settings circuit,
        Hours hours,
        Optional<Duration> gate) {

    private static final String COMMON = "switchboard.lane.";
    private static final String CIRCUIT = "switchboard.circuit.";
    private static final String HOURS = "hours";
    private static final String QUIET = "quiet-hours";

    /**
     * Reads the settings of an account's lane.
     *
     * @throws IllegalArgumentException when one is wrong; the text names it
     */
    public static LaneSettings read(SmallRyeConfig config, String vendor, String account) {
        return read(
                config,
                new Reader(config, "switchboard.vendors." + vendor + ".accounts." + account + ".lane.", COMMON));
    }

    /**
     * Reads the settings that all lanes share.
     *
     * @throws IllegalArgumentException when one is wrong; the text names it
     */
    public static LaneSettings shared(SmallRyeConfig config) {
        return read(config, new Reader(config, COMMON, COMMON));
    }

    private static LaneSettings read(SmallRyeConfig config, Reader reader) {
        return new LaneSettings(
                reader.get("concurrency", "32", LaneSettings::count),
                reader.get("timeout", "30s", Setting::someTime),
                reader.get("expires-after", "72h", Setting::time),
                reader.get("retry", "1s,5s,30s,2m,10m,30m,1h,2h,4h,8h", LaneSettings::times),
                reader.get("later", "10m", Setting::time),
                reader.get("uncertain", "park", LaneSettings::resend),
                reader.get("max-answer", "16MiB", Setting::size),
                reader.get("idle", "4s", Setting::time),
                reader.get("rate", "", LaneSettings::rate),
                circuit(config),
                hours(reader),
                reader.get(
                        "gate", "", text -> text.isEmpty() ? Optional.empty() : Optional.of(Setting.someTime(text))));
    }

    private static Hours hours(Reader reader) {
        OpeningHours all = hours(reader, "");
        var own = new TreeMap<String, OpeningHours>();
        reader.operations().forEach(operation -> own.put(operation, hours(reader, "." + operation)));
        return new Hours(all, own);
    }

    /** What is not set for an operation is that of the account. */
    private static OpeningHours hours(Reader reader, String operation) {
        Timetable hours = reader.get(HOURS + operation, reader.text(HOURS), Timetable::read);
        Timetable quiet = reader.get(QUIET + operation, reader.text(QUIET), Timetable::read);
        Holidays holidays = reader.get("holidays", "", Holidays::read);
        Optional<ZoneId> zone = reader.get("zone", "", LaneSettings::zone);
        if (zone.isEmpty() && !(hours.isEmpty() && quiet.isEmpty())) {
            throw new IllegalArgumentException(reader.own + "zone: is missing; hours need a zone such as Asia/Seoul");
        }
        return reader.get(
                HOURS + operation, "", any -> OpeningHours.of(hours, holidays, quiet, zone.orElse(ZoneOffset.UTC)));
    }

    private static Optional<ZoneId> zone(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(ZoneId.of(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a zone such as Asia/Seoul", e);
        }
    }

    /** Returns when a message dies that does not say so itself: only time in which it may be sent counts. */
    public Instant expiry(@Nullable String operation, Instant from) {
        return (operation == null ? hours.all() : hours.of(operation)).plus(from, expiresAfter);
    }

    private static Circuit.Settings circuit(SmallRyeConfig config) {
        var reader = new Reader(config, CIRCUIT, CIRCUIT);
        var settings = new Circuit.Settings(
                reader.get("window", "14", LaneSettings::count),
                reader.get("failures", "10", LaneSettings::count),
                reader.get("probe", "5s", Setting::time),
                reader.get("probe-max", "60s", Setting::time));
        if (settings.failures() > settings.window()) {
            throw new IllegalArgumentException(CIRCUIT + "failures: must not be more than " + CIRCUIT + "window");
        }
        return settings;
    }

    /** Returns what an attempt has to know. */
    Attempt.Limits limits() {
        return new Attempt.Limits(timeout, maxAnswer, idle, resend);
    }

    private record Reader(SmallRyeConfig config, String own, String common) {

        private String text(String key) {
            return get(key, "", text -> text);
        }

        /** Returns the operations that have hours of their own. */
        private Set<String> operations() {
            var operations = new TreeSet<String>();
            for (String prefix : List.of(common, own)) {
                operations.addAll(SetNames.below(config, prefix + HOURS + "."));
                operations.addAll(SetNames.below(config, prefix + QUIET + "."));
            }
            return operations;
        }

        private <T> T get(String key, String fallback, Function<String, T> parser) {
            return Setting.read(config, fallback, parser, own + key, common + key);
        }
    }

    private static Optional<String> rate(String text) {
        Optional<String> rate = Optional.of(text).filter(set -> !set.isEmpty());
        Rate.interval(rate);
        return rate;
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException("must be a number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    private static boolean resend(String text) {
        if (!text.equals("park") && !text.equals("resend")) {
            throw new IllegalArgumentException("must be park or resend");
        }
        return text.equals("resend");
    }

    private static List<Duration> times(String text) {
        return Pattern.compile(",")
                .splitAsStream(text)
                .map(each -> Setting.time(each.strip()))
                .toList();
    }
}
