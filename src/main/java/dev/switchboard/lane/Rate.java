package dev.switchboard.lane;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spaces attempts evenly (the generic cell rate algorithm). A late attempt may catch up by at most a tenth of a second, so
 * stalls of a busy machine cost nothing, and no window of ten seconds exceeds the rate by more than two percent.
 */
final class Rate {

    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,6})/(s|m)");
    private static final long CATCH_UP = Duration.ofMillis(100).toNanos();

    private final long interval;
    private final LongSupplier nanos;
    private long next;

    /**
     * Spaces by the time between two attempts.
     *
     * @param interval in nanoseconds; 0 spaces nothing
     */
    Rate(long interval, LongSupplier nanos) {
        this.interval = interval;
        this.nanos = nanos;
        this.next = nanos.getAsLong();
    }

    /**
     * Reads {@code 10/s} or {@code 300/m} as the nanoseconds between two attempts; nothing is 0.
     *
     * @throws IllegalArgumentException when it is no rate
     */
    static long interval(Optional<String> text) {
        if (text.isEmpty()) {
            return 0;
        }
        Matcher rate = TEXT.matcher(text.get());
        if (!rate.matches()) {
            throw new IllegalArgumentException("must be a rate such as 10/s or 300/m");
        }
        Duration unit = rate.group(2).equals("s") ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
        return unit.toNanos() / Long.parseLong(rate.group(1));
    }

    /** Returns how many attempts may start now, up to so many. */
    synchronized int available(int wanted) {
        if (interval == 0) {
            return wanted;
        }
        long now = nanos.getAsLong();
        next = Math.max(next, now - CATCH_UP);
        long since = now - next;
        return since < 0 ? 0 : (int) Math.min(wanted, since / interval + 1);
    }

    /** Notes that attempts start. */
    synchronized void take(int count) {
        next += interval * count;
    }

    /** Notes that attempts that were taken do not start. */
    synchronized void giveBack(int count) {
        next -= interval * count;
    }

    /** Takes the next start as soon as its time comes; returns whether it came in time. */
    boolean await(Duration atMost) {
        long deadline = nanos.getAsLong() + atMost.toNanos();
        while (!tookOne()) {
            long left = Math.min(untilNext().toNanos(), deadline - nanos.getAsLong());
            if (left <= 0 && deadline - nanos.getAsLong() <= 0) {
                return false;
            }
            LockSupport.parkNanos(Math.max(1, left));
        }
        return true;
    }

    /** Takes the next start if its time has come. */
    synchronized boolean tookOne() {
        boolean one = available(1) == 1;
        if (one) {
            take(1);
        }
        return one;
    }

    /** Returns how long it is until the next attempt may start. */
    synchronized Duration untilNext() {
        return interval == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, next - nanos.getAsLong()));
    }
}
