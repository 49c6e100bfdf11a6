package dev.switchboard.store;

/** Numbers that only grow, and are about the time: 44 bits of milliseconds, 20 bits of count. Used by the writer alone. */
final class Clock {

    private long last;

    Clock(long last) {
        this.last = last;
    }

    long next() {
        last = Math.max(last + 1, now() << 20);
        return last;
    }

    static long now() {
        return System.currentTimeMillis();
    }
}
