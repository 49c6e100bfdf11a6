package dev.switchboard.database;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Changes that wait for a commit. What comes in goes before what dispatch does. */
final class PendingChanges {

    private static final int MOST_IN_A_COMMIT = 512;
    private static final int MOST_WAITING = 20_000;
    /** How long a commit waits for as many changes as the last one had: a commit costs more than a change. */
    private static final long GATHER_NANOS = 1_000_000;

    private final Queue<PendingChange<?, ?>> intake = new ArrayDeque<>();
    private final Queue<PendingChange<?, ?>> dispatch = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private boolean closing;
    /** How many changes the writer waits for. */
    private int wanted = 1;

    /** A change, with those of its kind that it may share statements with. */
    record PendingChange<I, T>(Writer.Joint<I, T> joint, I item, CompletableFuture<T> done) {}

    <I, T> CompletableFuture<T> intake(Writer.Joint<I, T> joint, I item) {
        return add(intake, joint, item);
    }

    <I, T> CompletableFuture<T> dispatch(Writer.Joint<I, T> joint, I item) {
        return add(dispatch, joint, item);
    }

    private <I, T> CompletableFuture<T> add(Queue<PendingChange<?, ?>> queue, Writer.Joint<I, T> joint, I item) {
        var waiting = new PendingChange<>(joint, item, new CompletableFuture<T>());
        lock.lock();
        try {
            if (closing || queue.size() >= MOST_WAITING) {
                return CompletableFuture.failedFuture(
                        new RejectedExecutionException(closing ? "the store is closed" : "the store is busy"));
            }
            queue.add(waiting);
            if (waiting() >= wanted) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return waiting.done();
    }

    private int waiting() {
        return intake.size() + dispatch.size();
    }

    /**
     * Waits for changes, and takes those of the next commit; none when it is closed and there are no more.
     *
     * @param expected how many the last commit had
     */
    List<PendingChange<?, ?>> take(int expected) {
        var taken = new ArrayList<PendingChange<?, ?>>();
        lock.lock();
        try {
            wanted = 1;
            while (waiting() == 0 && !closing) {
                work.awaitUninterruptibly();
            }
            gather(expected);
            drain(intake, taken);
            drain(dispatch, taken);
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /** Those whom the last commit let go on are about to come again; a change that comes alone does not wait. */
    private void gather(int expected) {
        wanted = expected;
        long left = GATHER_NANOS;
        try {
            while (waiting() < wanted && !closing && left > 0) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void drain(Queue<PendingChange<?, ?>> from, List<PendingChange<?, ?>> to) {
        for (int i = 0; i < MOST_IN_A_COMMIT && !from.isEmpty(); i++) {
            to.add(from.remove());
        }
    }

    /** Takes no more changes. */
    void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }
}
