package dev.switchboard.database;

/**
 * The store's times, and numbers that only grow and are about the time: 44 bits of milliseconds, 14 of count, 6 of the
 * process, so that several may write. The numbers are the writer's alone.
 */
public final class Clock {

    /** How many processes may write at the same time. */
    public static final int PROCESSES = 64;

    /** How many bits of a number are below its milliseconds, and the latest time that fits above them. */
    private static final int BELOW_MILLIS = 20;

    private static final long MOST_MILLIS = (1L << 43) - 1;

    private static final long STARTED = System.currentTimeMillis();
    private static final long STARTED_NANOS = System.nanoTime();

    private long last;
    private int process;

    public Clock(long last) {
        this.last = last;
    }

    /** Sets which of the processes this one is. */
    public void process(int number) {
        this.process = number;
    }

    /** Makes what follows greater than a number that another process gave, whose clock may differ. */
    public void after(long number) {
        last = Math.max(last, number);
    }

    public long next() {
        long following = (last / PROCESSES + 1) * PROCESSES;
        last = Math.max(following, now() << BELOW_MILLIS) + process;
        return last;
    }

    /** Returns the least number of a time. */
    public static long number(long millis) {
        return Math.min(Math.max(0, millis), MOST_MILLIS) << BELOW_MILLIS;
    }

    /** Returns the time of day that one of its numbers is of, in milliseconds since 1970. */
    public static long time(long number) {
        return number >> BELOW_MILLIS;
    }

    /** Returns the time of day. */
    public static long now() {
        return System.currentTimeMillis();
    }

    /** Returns about the time of day, by a clock that no one sets: a wait is as long as it was meant to be. */
    public static long steady() {
        return STARTED + (System.nanoTime() - STARTED_NANOS) / 1_000_000;
    }

    /** Returns the time of day at which the steady clock shows a time, should no one set the clock. */
    public static long ofDay(long steady) {
        return steady - steady() + now();
    }
}
