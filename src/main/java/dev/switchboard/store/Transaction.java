package dev.switchboard.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One commit, shared by the changes that happened to wait for it. */
final class Transaction {

    private final Sql sql;
    private final Commits commits;
    private final Clock clock;
    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final Set<String> awake = new LinkedHashSet<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final List<Runnable> undone = new ArrayList<>();
    private final List<Consumer<StoreListener>> news = new ArrayList<>();
    private boolean numbered;

    Transaction(Sql sql, Commits commits, Clock clock) {
        this.sql = sql;
        this.commits = commits;
        this.clock = clock;
    }

    Sql sql() {
        return sql;
    }

    void commit() throws SQLException {
        commits.commit();
    }

    /** Returns a number above that of every message there is, also where another process took it in, this very millisecond. */
    long nextSeq() {
        if (!numbered) {
            numbered = true;
            clock.after(sql.number("select max(seq) from message"));
        }
        return clock.next();
    }

    /** Returns what a subject keeps for the length of this commit, and makes it where there is not one yet. */
    <T> T part(Class<T> type, Supplier<T> fresh) {
        return type.cast(parts.computeIfAbsent(type, any -> fresh.get()));
    }

    /** Returns what a subject has kept in this commit so far. */
    <T> Optional<T> part(Class<T> type) {
        @Nullable Object known = parts.get(type);
        return Optional.ofNullable(known).map(type::cast);
    }

    /** Wakes a lane, a topic, or anyone who waits for a message, after the commit. */
    void wake(String name) {
        awake.add(name);
    }

    /** Forgets that a lane is to be woken: it looks by itself at what there is by now. */
    void looks(String lane) {
        awake.remove(lane);
    }

    Set<String> awake() {
        return awake;
    }

    /** Does something after the commit; it must be quick and must not fail. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Does something where there is no commit; it must be quick and must not fail. */
    void undone(Runnable task) {
        undone.add(task);
    }

    /** Tells listeners after the commit. */
    void tell(Consumer<StoreListener> what) {
        news.add(what);
    }

    void committed(List<StoreListener> listeners, int changes, long nanos) {
        afterwards.forEach(Runnable::run);
        listeners.forEach(each -> {
            news.forEach(one -> one.accept(each));
            each.committed(changes, nanos);
        });
    }

    void failed() {
        undone.forEach(Runnable::run);
    }
}
