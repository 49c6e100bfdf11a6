package dev.switchboard.lane;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Measures how many requests a second went out, over the last ten seconds. */
final class Speed {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int SECONDS = 10;

    private final LongSupplier nanos;
    private final long[] counts = new long[SECONDS + 1];
    private long second;

    Speed(LongSupplier nanos) {
        this.nanos = nanos;
        this.second = now();
    }

    private long now() {
        return Math.floorDiv(nanos.getAsLong(), SECOND);
    }

    /** Notes that a request went out. */
    synchronized void count() {
        forget();
        counts[slot(second)]++;
    }

    /** Returns the requests per second; the current second is left out. */
    synchronized double perSecond() {
        forget();
        long sum = -counts[slot(second)];
        for (long each : counts) {
            sum += each;
        }
        return (double) sum / SECONDS;
    }

    /** Empties the places of the seconds that have begun since it was last asked. */
    private void forget() {
        long now = now();
        for (long begun = Math.max(second + 1, now - SECONDS); begun <= now; begun++) {
            counts[slot(begun)] = 0;
        }
        second = now;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS + 1);
    }
}
