package dev.switchboard.torture;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends messages until it is stopped, strictly in order within a conversation: the next one only when the one before is
 * accepted. It outlives the bus, and offers what was not answered again under the same id.
 */
abstract class Feeder {

    private static final long LONGEST_END = 60;

    private final FutureTask<?> task = new FutureTask<>(() -> {
        feed();
        return null;
    });
    private volatile boolean stopped;

    final void start() {
        var thread = new Thread(task, getClass().getSimpleName());
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends until {@link #goesOn} says no; what it has begun it ends. */
    abstract void feed() throws Exception;

    final boolean goesOn() {
        return !stopped;
    }

    static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    final void stop() {
        stopped = true;
    }

    /**
     * Returns when the last message that was offered has been accepted.
     *
     * @throws java.util.concurrent.ExecutionException when a message was refused, or was not accepted in time
     */
    final void ended() throws Exception {
        task.get(LONGEST_END, TimeUnit.SECONDS);
    }
}
