package dev.switchboard.operate;

import dev.switchboard.database.StoreFailed;
import dev.switchboard.database.WakeSignal;
import dev.switchboard.store.Store;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks repeatedly for something to do, on its own thread; less often while the store does not answer. */
final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final Store store;
    private final LongSupplier round;
    private final long otherwise;
    private final WakeSignal alarm = new WakeSignal();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Describes what is done.
     *
     * @param name of the thread, and in the log
     * @param store on which it works; when it is closed, this ends
     * @param round does some work, and returns after how many milliseconds to look again
     * @param otherwise after how many milliseconds to look again if that failed
     */
    Rounds(String name, Store store, LongSupplier round, long otherwise) {
        this.store = store;
        this.round = round;
        this.otherwise = otherwise;
        this.thread = new Thread(this::run, name);
    }

    void begin() {
        thread.start();
    }

    /** Looks now. */
    void call() {
        alarm.call();
    }

    private void run() {
        while (goesOn()) {
            try {
                alarm.sleep(round.getAsLong());
            } catch (StoreFailed | CompletionException e) {
                if (goesOn()) {
                    LOG.warn("{}: waits for the store: {}", thread.getName(), e.getMessage());
                    alarm.sleep(otherwise);
                }
            }
        }
    }

    private boolean goesOn() {
        return !closing && !store.isClosed();
    }

    @Override
    public void close() {
        closing = true;
        alarm.call();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
