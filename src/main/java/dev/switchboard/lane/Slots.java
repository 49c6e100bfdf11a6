package dev.switchboard.lane;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The slots of a lane, one for each attempt that is being made. They are taken by what is claimed from the queue and, while the
 * lane has caught up with it, by what comes in: so nothing that came later takes a slot that something due is waiting for.
 */
final class Slots {

    /** How many times as many attempts may wait for their outcome to be on disk, or be made, as may be made at once. */
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

    /** Takes a slot for what comes in; says whether there was one for it. */
    synchronized boolean takeOnArrival() {
        return !behind && takeOne();
    }

    /** Keeps slots for what is about to be claimed, as many as there are; returns how many. {@link #settle} is its end. */
    synchronized int reserve(int most) {
        int count = 0;
        while (count < most && takeOne()) {
            count++;
        }
        reserved += count;
        return count;
    }

    /** Gives back of the slots that were kept those that are not used. */
    synchronized void settle(int count, int used) {
        reserved -= count;
        giveBack(count - used);
    }

    /** Nobody waits for a slot in vain: what is done at once takes from the same. */
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

    /** Takes a slot for what is done at once, beside the queue; {@link #release} is its end. Says whether there was one in time. */
    boolean await(long millis) throws InterruptedException {
        return free.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    /** The attempt has ended. */
    void release() {
        free.release();
    }

    /** Its outcome is on disk; says whether the lane could not claim more because of such. */
    boolean written() {
        boolean full = unwritten.availablePermits() == 0;
        unwritten.release();
        return full;
    }

    /** Waits until all attempts have ended and their outcomes are on disk; says whether they have in time. */
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
