package dev.switchboard.lane;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes changes of circuits one after the other, so that a later one is never undone by an earlier one that failed at first. */
final class CircuitChanges {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitChanges.class);

    private final Queue<Supplier<CompletableFuture<?>>> waiting = new ArrayDeque<>();
    private boolean writing;

    /** Writes a change as soon as those before it are written. */
    synchronized void add(Supplier<CompletableFuture<?>> change) {
        waiting.add(change);
        writeNext();
    }

    /** Writes the next change, if one waits; to be called now and then, as one that failed is not tried again by itself. */
    synchronized void writeNext() {
        if (writing || waiting.isEmpty()) {
            return;
        }
        writing = true;
        waiting.element().get().whenComplete((done, failed) -> written(failed));
    }

    private synchronized void written(@Nullable Throwable failed) {
        writing = false;
        if (failed == null) {
            waiting.remove();
            writeNext();
        } else {
            LOG.warn("A circuit's change could not be written, trying again: {}", failed.getMessage());
        }
    }
}
