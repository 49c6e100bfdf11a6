package dev.switchboard.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One commit, shared by the changes that happened to wait for it. */
public final class Transaction {

    private final Sql sql;
    private final Commits commits;
    private final Clock clock;
    private final ToLongFunction<Sql> lastNumber;
    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final Set<String> awake = new LinkedHashSet<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final List<Runnable> undone = new ArrayList<>();
    private boolean numbered;

    public Transaction(Sql sql, Commits commits, Clock clock, ToLongFunction<Sql> lastNumber) {
        this.sql = sql;
        this.commits = commits;
        this.clock = clock;
        this.lastNumber = lastNumber;
    }

    public Sql sql() {
        return sql;
    }

    /** Changes rows; returns how many. */
    public int update(String statement, @Nullable Object... values) {
        return sql.update(statement, values);
    }

    /** Returns what is made of each row. */
    public <T> List<T> list(String query, Sql.Mapper<T> mapper, @Nullable Object... values) {
        return sql.list(query, mapper, values);
    }

    public void commit() throws SQLException {
        commits.commit();
    }

    /** Returns a number above that of every message there is, also where another process took it in, this very millisecond. */
    public long nextSeq() {
        if (!numbered) {
            numbered = true;
            clock.after(lastNumber.applyAsLong(sql));
        }
        return clock.next();
    }

    /** Returns what a subject keeps for the length of this commit, and makes it where there is not one yet. */
    public <T> T part(Class<T> type, Supplier<T> fresh) {
        return type.cast(parts.computeIfAbsent(type, any -> fresh.get()));
    }

    /** Returns what a subject has kept in this commit so far. */
    public <T> Optional<T> part(Class<T> type) {
        @Nullable Object known = parts.get(type);
        return Optional.ofNullable(known).map(type::cast);
    }

    /** Wakes a lane, a topic, or anyone who waits for a message, after the commit. */
    public void wake(String name) {
        awake.add(name);
    }

    /** Forgets that a lane is to be woken: it looks by itself at what there is by now. */
    public void looks(String lane) {
        awake.remove(lane);
    }

    public Set<String> awake() {
        return awake;
    }

    /** Does something after the commit; it must be quick and must not fail. */
    public void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Does something where there is no commit; it must be quick and must not fail. */
    public void undone(Runnable task) {
        undone.add(task);
    }

    /** Does what was to be done after the commit. */
    public void committed() {
        afterwards.forEach(Runnable::run);
    }

    public void failed() {
        undone.forEach(Runnable::run);
    }
}
