package dev.switchboard.database;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread sleep until there may be work. A call that comes before the sleep is not lost. */
public final class WakeSignal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private boolean pending;

    /** Wakes the sleeper, or keeps it from falling asleep. */
    public void call() {
        lock.lock();
        try {
            pending = true;
            called.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps until called, at most so many milliseconds. */
    public void sleep(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!pending && left > 0) {
                left = called.awaitNanos(left);
            }
            pending = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
