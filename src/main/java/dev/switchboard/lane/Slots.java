package dev.switchboard.lane;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The slots of a lane, one for each attempt that is being made. Messages claimed from the queue take them and, while nothing is
 * due in the queue, so do new messages. So no message takes a slot for which a due one waits.
 */
final class Slots {

    /** Attempts that run or wait for their outcome to be on disk, as a multiple of those that may run at once. */
    private static final int UNWRITTEN = 2;

    private final int all;
    private final Semaphore free;
    /** One for each that is claimed and whose outcome is not on disk. */
    private final Semaphore unwritten;

    private boolean behind = true;
    private int reserved;

    Slots(int all) {
        this.all = all;
        this.free = new Semaphore(all);
        this.unwritten = new Semaphore(UNWRITTEN * all);
    }

    /** Returns how many are in use. */
    synchronized int used() {
        return all - free.availablePermits() - reserved;
    }

    int free() {
        return Math.min(free.availablePermits(), unwritten.availablePermits());
    }

    /** Notes that something may be due in the queue. */
    synchronized void fallBehind() {
        behind = true;
    }

    /** Notes that nothing is due in the queue. */
    synchronized void catchUp() {
        behind = false;
    }

    synchronized boolean isBehind() {
        return behind;
    }

    /** Takes a slot for a new message; returns whether there was one for it. */
    synchronized boolean takeOnArrival() {
        return !behind && takeOne();
    }

    /** Reserves slots for messages that are about to be claimed; returns how many. {@link #settle} ends it. */
    synchronized int reserve(int most) {
        int count = 0;
        while (count < most && takeOne()) {
            count++;
        }
        reserved += count;
        return count;
    }

    /** Gives back the reserved slots that are not used. */
    synchronized void settle(int count, int used) {
        reserved -= count;
        giveBack(count - used);
    }

    /** Does not wait: calls that are answered at once use the same slots. */
    private boolean takeOne() {
        if (!free.tryAcquire()) {
            return false;
        }
        if (!unwritten.tryAcquire()) {
            free.release();
            return false;
        }
        return true;
    }

    /** Gives back slots in which no attempt was made. */
    void giveBack(int count) {
        free.release(count);
        unwritten.release(count);
    }

    /** Takes a slot for a call that is answered at once; {@link #release} ends it. Returns whether there was one in time. */
    boolean await(long millis) throws InterruptedException {
        return free.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    /** The attempt has ended. */
    void release() {
        free.release();
    }

    /** An outcome is on disk; returns whether outcomes that were not had kept the lane from claiming. */
    boolean written() {
        boolean full = unwritten.availablePermits() == 0;
        unwritten.release();
        return full;
    }

    /** Waits until all attempts have ended and their outcomes are on disk; returns whether that was in time. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        if (!free.tryAcquire(all, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        free.release(all);
        boolean ended = unwritten.tryAcquire(UNWRITTEN * all, until - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (ended) {
            unwritten.release(UNWRITTEN * all);
        }
        return ended;
    }
}
