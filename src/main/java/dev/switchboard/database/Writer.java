package dev.switchboard.database;

import dev.switchboard.database.PendingChanges.PendingChange;
import dev.switchboard.message.Refused;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread and connection through which everything is written. Changes that wait share a commit; one that fails
 * fails alone, because then the others are done again without it.
 */
public final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

    /** Something that is written. It may be applied twice, the first time undone: it keeps no state of its own. */
    @FunctionalInterface
    public interface Change<T> {
        T apply(Transaction transaction) throws Exception;
    }

    /**
     * Changes of one kind that share their statements: those that wait for the same commit are made together, and each has its own
     * result, in their order. It may be applied twice, like a change.
     */
    @FunctionalInterface
    public interface Joint<I, T> {
        List<T> apply(Transaction transaction, List<I> items) throws Exception;
    }

    /** Takes part in what concerns more than one change. */
    public interface Hooks {
        /** A connection has been made, and holds nothing yet. */
        void connected(Sql sql);

        /** The connection is closed in order. */
        default void disconnects(Sql sql) {}

        /** Returns the greatest number that any process has given so far. */
        long lastNumber(Sql sql);

        /** All changes of a commit have been made; what they add up to is written now. */
        void beforeCommit(Transaction transaction);

        /** A connection is lost, with the locks that it held. */
        void lost();

        /** A commit of so many changes is on disk, after so many nanoseconds. */
        void committed(Transaction transaction, int changes, long nanos);
    }

    private final Database database;
    private final Clock clock;
    private final Hooks hooks;
    private final PendingChanges pending = new PendingChanges();
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile long failedAt;
    private long complained = System.nanoTime() - BETWEEN_COMPLAINTS.toNanos();
    private @Nullable Sql sql;
    private @Nullable Commits commits;

    public Writer(Database database, Clock clock, Hooks hooks) {
        this.database = database;
        this.clock = clock;
        this.hooks = hooks;
        this.thread = new Thread(this::run, "store-writer");
        thread.start();
    }

    /** Writes what comes in; goes before dispatch in a commit. */
    public <T> CompletableFuture<T> intake(Change<T> change) {
        return pending.intake(alone(change), this);
    }

    /** Writes what comes in, together with others of its kind. */
    public <I, T> CompletableFuture<T> intake(Joint<I, T> joint, I item) {
        return pending.intake(joint, item);
    }

    /** Writes what dispatch does. */
    public <T> CompletableFuture<T> dispatch(Change<T> change) {
        return pending.dispatch(alone(change), this);
    }

    /** Writes what dispatch does, together with others of its kind. */
    public <I, T> CompletableFuture<T> dispatch(Joint<I, T> joint, I item) {
        return pending.dispatch(joint, item);
    }

    private static <I, T> Joint<I, T> alone(Change<T> change) {
        return (transaction, items) -> Collections.singletonList(change.apply(transaction));
    }

    private void run() {
        List<PendingChange<?, ?>> next = pending.take(1);
        while (!next.isEmpty()) {
            if (commit(next) != null) {
                next.forEach(this::commitAlone);
            }
            next = pending.take(next.size());
        }
        leave();
        disconnect();
    }

    /** The second try is on a connection of its own, if the first has lost it. */
    private void commitAlone(PendingChange<?, ?> waiting) {
        Throwable failure = commit(List.of(waiting));
        if (failure != null) {
            waiting.done().completeExceptionally(failure);
        }
    }

    /** Returns why nothing was written, or null. */
    private @Nullable Throwable commit(List<PendingChange<?, ?>> changes) {
        var results = new ArrayList<Runnable>();
        @Nullable Transaction transaction = null;
        long began = System.nanoTime();
        try {
            transaction = begin();
            for (List<PendingChange<?, ?>> each : byKind(changes)) {
                results.add(apply(each, transaction));
            }
            hooks.beforeCommit(transaction);
            transaction.commit();
        } catch (Throwable e) {
            // also an error: the thread that all writing depends on must not end by it
            LOG.debug("A commit of {} changes failed.", changes.size(), e);
            complain(e);
            rollback();
            if (transaction != null) {
                transaction.failed();
            }
            return e;
        }
        tell(transaction, changes.size(), System.nanoTime() - began);
        results.forEach(Runnable::run);
        return null;
    }

    /** Returns whether something could not be written in the last seconds. */
    @Nullable
    public Throwable trouble() {
        boolean recent = System.nanoTime() - failedAt < BETWEEN_COMPLAINTS.toNanos();
        return recent ? failure : null;
    }

    /** A store that does not write refuses everything that comes, so it says why once in a while and not each time. */
    private void complain(Throwable e) {
        if (e instanceof Refused) {
            return;
        }
        long now = System.nanoTime();
        failure = e;
        failedAt = now;
        if (now - complained > BETWEEN_COMPLAINTS.toNanos()) {
            complained = now;
            LOG.error("The store does not write: {}", StoreFailed.rootCause(e).getMessage());
        }
    }

    /** What is written is written, whatever those do who hear of it. */
    private void tell(Transaction transaction, int changes, long nanos) {
        try {
            hooks.committed(transaction, changes, nanos);
        } catch (RuntimeException e) {
            LOG.error("A listener failed after a commit.", e);
        }
    }

    /** A kind is made where the first of it waits. */
    private static Collection<List<PendingChange<?, ?>>> byKind(List<PendingChange<?, ?>> changes) {
        var kinds = new LinkedHashMap<Joint<?, ?>, List<PendingChange<?, ?>>>();
        changes.forEach(each ->
                kinds.computeIfAbsent(each.joint(), any -> new ArrayList<>()).add(each));
        return kinds.values();
    }

    @SuppressWarnings("unchecked") // those of one joint are all of its types
    private static <I, T> Runnable apply(List<PendingChange<?, ?>> kind, Transaction transaction) throws Exception {
        List<PendingChange<I, T>> waiting = (List<PendingChange<I, T>>) (List<?>) kind;
        List<I> items = waiting.stream().map(PendingChange::item).toList();
        List<T> results = waiting.get(0).joint().apply(transaction, items);
        return () -> {
            for (int i = 0; i < results.size(); i++) {
                waiting.get(i).done().complete(results.get(i));
            }
        };
    }

    private Transaction begin() throws SQLException {
        if (sql == null || commits == null) {
            Sql opened = database.openWriter();
            sql = opened;
            hooks.connected(opened);
            commits = new Commits(opened.connection());
        }
        commits.begin();
        return new Transaction(sql, commits, clock, hooks::lastNumber);
    }

    private void rollback() {
        try {
            if (commits == null || sql == null || !sql.connection().isValid(2)) {
                disconnect();
            } else {
                commits.rollback();
            }
        } catch (RuntimeException | SQLException e) {
            LOG.warn("The connection to the store is lost and is opened again: {}", e.getMessage());
            disconnect();
        }
    }

    private void leave() {
        if (sql == null || commits == null) {
            return;
        }
        try {
            commits.begin();
            hooks.disconnects(sql);
            commits.commit();
        } catch (RuntimeException | SQLException e) {
            LOG.debug("The store could not say that it is closed.", e);
        }
    }

    private void disconnect() {
        try {
            if (sql != null) {
                sql.close();
            }
        } catch (RuntimeException e) {
            LOG.debug("The store's connection could not be closed.", e);
        }
        sql = null;
        commits = null;
        hooks.lost();
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        pending.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
