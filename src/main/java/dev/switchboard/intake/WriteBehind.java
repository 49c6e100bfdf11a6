package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of a file one behind its reading: while one is written, the next is read and checked. None is offered before
 * the one in front of it is on disk, so the checkpoint never leaves one out. Used by one thread after the other.
 */
public final class WriteBehind {

    /** Exchange property: what the chunks of a file are written by. */
    public static final String PROPERTY = "writeBehind";

    private @Nullable Supplier<CompletableFuture<?>> last;
    private @Nullable CompletableFuture<?> writing;

    /**
     * Begins to write a chunk.
     *
     * @throws Refused (503) when the one in front of it cannot be written; this one has not been offered then
     */
    void write(Supplier<CompletableFuture<?>> chunk) {
        await();
        last = chunk;
        writing = chunk.get();
    }

    /**
     * Waits until all is on disk.
     *
     * @throws Refused (503) when it cannot be written; the next call offers it again
     */
    public void await() {
        if (last == null) {
            return;
        }
        CompletableFuture<?> offered = writing == null ? last.get() : writing;
        writing = null;
        Store.written(offered);
        last = null;
    }
}
