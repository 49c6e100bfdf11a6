package dev.switchboard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part of the bus that is opened on its own thread, at the same time as others. {@link #take} waits for it; its caller then owns it. */
final class AsyncStart<T extends AutoCloseable> {

    private final String name;
    private final Supplier<T> open;
    private final CompletableFuture<T> part = new CompletableFuture<>();
    private boolean begun;
    private boolean taken;

    AsyncStart(String name, Supplier<T> open) {
        this.name = name;
        this.open = open;
    }

    /** Begins to open it. */
    synchronized void begin() {
        if (!begun) {
            begun = true;
            var thread = new Thread(this::complete, "start-" + name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void complete() {
        try {
            part.complete(open.get());
        } catch (Throwable e) {
            part.completeExceptionally(e);
        }
    }

    /** Returns it once it is open, or throws what opening it threw; begins to open it if that has not been done. */
    synchronized T take() {
        begin();
        try {
            T opened = part.join();
            taken = true;
            return opened;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Closes it if the start ended before it was taken. */
    synchronized void closeUntaken() {
        if (begun && !taken) {
            part.exceptionally(failure -> null).thenAccept(AsyncStart::close).join();
        }
    }

    private static void close(@Nullable AutoCloseable opened) {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
