package dev.switchboard.intake;

import dev.switchboard.store.Accepted;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Messages that one thread offers and that are kept in one commit. Each waits at {@code accept:} until all are there, and
 * then goes on, one after the other, in the order in which they were offered.
 */
final class CommitGroup {

    private static final ThreadLocal<@Nullable CommitGroup> CURRENT = new ThreadLocal<>();

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private record Waiting(Incoming incoming, CompletableFuture<Accepted> kept) {}

    private final Store store;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Phaser underway = new Phaser(1);
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private int enlisted;

    private CommitGroup(Store store) {
        this.store = store;
    }

    /** Begins to gather what this thread offers. */
    static CommitGroup begin(Store store) {
        var group = new CommitGroup(store);
        CURRENT.set(group);
        return group;
    }

    /** Returns what this thread gathers into, if it gathers. */
    static @Nullable CommitGroup current() {
        return CURRENT.get();
    }

    /** Returns how many exchanges have come to the route. */
    int enlisted() {
        return enlisted;
    }

    /** Makes sure that the end of an exchange is waited for. */
    void enlist(Exchange exchange) {
        enlisted++;
        underway.register();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onFailure(Exchange failed) {
                failure.compareAndSet(null, failed.getException());
                super.onFailure(failed);
            }

            @Override
            public void onDone(Exchange ended) {
                underway.arriveAndDeregister();
            }
        });
    }

    /** Offers a message; what is done when it is on disk is done by the thread that calls {@link #keep}. */
    CompletableFuture<Accepted> accept(Incoming incoming) {
        var offered = new Waiting(incoming, new CompletableFuture<>());
        waiting.add(offered);
        return offered.kept;
    }

    /**
     * Keeps what was offered, and returns when all exchanges have ended. While the store refuses, the first one is held in
     * hand by its route, and the others wait behind it.
     *
     * @return how many exchanges there were
     * @throws IllegalStateException when one of them failed, or did not end within two minutes
     */
    int keep() {
        CURRENT.remove();
        while (!waiting.isEmpty()) {
            keepAll();
        }
        try {
            underway.awaitAdvanceInterruptibly(underway.arrive(), LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a route did not end within " + LONGEST.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the route failed", failure.get());
        }
        return enlisted;
    }

    private void keepAll() {
        List<Accepted> accepted;
        try {
            accepted = Store.written(store.messages()
                    .accept(waiting.stream().map(Waiting::incoming).toList()));
        } catch (RuntimeException e) {
            waiting.remove().kept.completeExceptionally(e);
            return;
        }
        var all = new ArrayList<>(waiting);
        waiting.clear();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).kept.complete(accepted.get(i));
        }
    }
}
