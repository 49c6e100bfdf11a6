package dev.switchboard.ownership;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long ago the database has confirmed that this instance lives. While that is less than {@link #MILLIS}, no other one takes what
 * it owns; after that its lanes may be another's, and it sends nothing for them. Two clocks count: one that no one sets, and the
 * clock of the day, which goes on while the machine is suspended; the later one decides.
 */
final class Lease {

    /** Others wait longer, so that the owner has stopped before. */
    static final long MILLIS = 3_000;

    /** A time by both clocks. */
    record Moment(long nanos, long millis) {
        static Moment now() {
            return new Moment(System.nanoTime(), System.currentTimeMillis());
        }

        long age() {
            return Math.max(
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos), System.currentTimeMillis() - millis);
        }
    }

    private volatile @Nullable Moment confirmed;
    private volatile boolean lost;

    /** Notes that the database has confirmed it, by a statement that began at that time or later. */
    void confirm(Moment began) {
        confirmed = began;
        lost = false;
    }

    /** Another instance has taken it for dead. */
    void lose() {
        lost = true;
    }

    /** Returns whether it is confirmed, or that it has never been asked for. */
    boolean holds() {
        Moment last = confirmed;
        return !lost && (last == null || last.age() < MILLIS);
    }
}
