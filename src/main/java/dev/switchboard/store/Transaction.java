package dev.switchboard.store;

import dev.switchboard.message.State;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** One commit, shared by the changes that happened to wait for it. */
final class Transaction {

    private final Handle handle;
    private final Statements sql;
    private final Commits commits;
    private final Clock clock;
    private final Set<String> awake = new LinkedHashSet<>();
    private final Map<String, Map<State, Long>> counts = new TreeMap<>();
    private final Set<String> caughtUp = new LinkedHashSet<>();
    private final Map<String, Boolean> claimable = new HashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final List<Runnable> undone = new ArrayList<>();
    private final Map<Long, Map<State, Integer>> ended = new TreeMap<>();
    private final Deque<String> settling = new ArrayDeque<>();
    private boolean erasing;
    private final List<Consumer<StoreListener>> news = new ArrayList<>();
    private boolean numbered;

    Transaction(Handle handle, Statements sql, Commits commits, Clock clock) {
        this.handle = handle;
        this.sql = sql;
        this.commits = commits;
        this.clock = clock;
    }

    Handle handle() {
        return handle;
    }

    void commit() throws SQLException {
        commits.commit();
    }

    /** Returns what runs the statements that every message needs. */
    Statements sql() {
        return sql;
    }

    /** Returns a number above that of every message there is, also where another process took it in, this very millisecond. */
    long nextSeq() {
        if (!numbered) {
            numbered = true;
            sql.first("select max(seq) from message", row -> row.getLong(1)).ifPresent(clock::after);
        }
        return clock.next();
    }

    /** Wakes a lane or topic after the commit. */
    void wake(String name) {
        awake.add(name);
        caughtUp.remove(name);
    }

    /** Forgets that a lane is to be woken: it looks by itself at what there is by now. */
    void looks(String lane) {
        awake.remove(lane);
    }

    /** Notes that what was due in a lane has been claimed, unless it has been woken since it began to look. */
    void catchUp(String lane) {
        if (!awake.contains(lane)) {
            caughtUp.add(lane);
        }
    }

    Set<String> caughtUp() {
        return caughtUp;
    }

    /** Says whether this process owns a lane, and nobody has paused it; it is looked up once a commit. */
    boolean mayClaim(String lane, Owners owners) {
        return claimable.computeIfAbsent(lane, any -> owners.mayClaim(this, lane));
    }

    /** Counts, for a batch, messages that come to a state or leave it; it is written once a commit, however many there are. */
    void count(String batch, State state, long messages) {
        counts.computeIfAbsent(batch, any -> new EnumMap<>(State.class)).merge(state, messages, Long::sum);
    }

    Map<String, Map<State, Long>> counts() {
        return counts;
    }

    /** Does something after the commit; it must be quick and must not fail. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Does something where there is no commit; it must be quick and must not fail. */
    void undone(Runnable task) {
        undone.add(task);
    }

    List<Runnable> undone() {
        return undone;
    }

    /** Tells listeners after the commit. */
    void tell(Consumer<StoreListener> what) {
        news.add(what);
    }

    List<Consumer<StoreListener>> news() {
        return news;
    }

    /** Counts, for a replay, a message of it that has ended; it is written once a commit. */
    void ended(long run, State state) {
        ended.computeIfAbsent(run, any -> new EnumMap<>(State.class)).merge(state, 1, Integer::sum);
    }

    Map<Long, Map<State, Integer>> ended() {
        return ended;
    }

    /** Returns the messages whose followers are to be looked for; it is empty unless somebody up the stack is about that. */
    Deque<String> settling() {
        return settling;
    }

    /** Notes that it erases something, which is not to stay in the files either. */
    void erases() {
        erasing = true;
    }

    boolean erasing() {
        return erasing;
    }

    Set<String> awake() {
        return awake;
    }

    List<Runnable> afterwards() {
        return afterwards;
    }
}
