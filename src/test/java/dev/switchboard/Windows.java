package dev.switchboard;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Counts in windows of time that slide over a record of times. */
final class Windows {

    private Windows() {}

    /** Returns how many are in the fullest window of a length. */
    static int most(long[] times, Duration length) {
        return counts(times, length).max().orElse(0);
    }

    /** Returns how many are in the emptiest window of a length that begins with one of them and ends before the last. */
    static int least(long[] times, Duration length) {
        long last = times[times.length - 1];
        int whole = (int) Arrays.stream(times)
                .filter(time -> last - time >= length.toNanos())
                .count();
        if (whole == 0) {
            throw new AssertionError("the record is shorter than the window");
        }
        return counts(times, length).limit(whole).min().orElseThrow();
    }

    private static IntStream counts(long[] times, Duration length) {
        return IntStream.range(0, times.length).map(first -> {
            int end = first;
            while (end < times.length && times[end] - times[first] < length.toNanos()) {
                end++;
            }
            return end - first;
        });
    }
}
