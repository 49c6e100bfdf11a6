package dev.switchboard.lane;

import dev.switchboard.message.Outcome;
import dev.switchboard.queue.Claimed;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the outcomes of a lane's attempts, each until it is on disk: it is not known anywhere else. */
final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final Executor IN_A_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final String lane;
    private final Store store;
    private final Consumer<Claimed> written;
    private volatile boolean closed;

    /**
     * Writes into a store.
     *
     * @param written hears, on the store's thread, of each message whose outcome is on disk
     */
    Outcomes(String lane, Store store, Consumer<Claimed> written) {
        this.lane = lane;
        this.store = store;
        this.written = written;
    }

    /**
     * Writes an outcome. One whose texts the store does not take is written without them.
     *
     * @param fallback what is accepted with it, instead of the message
     */
    void write(Claimed claimed, Outcome outcome, @Nullable Incoming fallback) {
        store.lanes().finish(claimed, outcome, fallback).whenComplete((done, failed) -> {
            if (failed == null) {
                written.accept(claimed);
            } else if (Store.refusesContent(failed)) {
                LOG.warn(
                        "{}: the outcome of {} is stored without its texts{}",
                        lane,
                        claimed.message().id(),
                        fallback == null ? "" : ", and its fallback is not sent",
                        failed);
                writeAgain(claimed, outcome.withoutTexts(), null);
            } else {
                LOG.warn("{}: an outcome could not be written, trying again: {}", lane, failed.getMessage());
                writeAgain(claimed, outcome, fallback);
            }
        });
    }

    private void writeAgain(Claimed claimed, Outcome outcome, @Nullable Incoming fallback) {
        IN_A_SECOND.execute(() -> {
            if (!closed) {
                write(claimed, outcome, fallback);
            }
        });
    }

    /** Tries no more. */
    void close() {
        closed = true;
    }
}
