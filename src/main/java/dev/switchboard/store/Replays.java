package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.State;
import dev.switchboard.ownership.Owners;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs that send dead letters again. What a run takes is written down in one commit at its beginning; a message leaves that
 * list in the commit that sends it again, so that a kill in the middle neither loses nor repeats one.
 */
public final class Replays {

    /** So many have to end before a share of them says something. */
    private static final int TELLING = 10;

    private final Database database;
    private final Writer writer;
    private final Owners owners;

    Replays(Database database, Writer writer, Owners owners) {
        this.database = database;
        this.writer = writer;
        this.owners = owners;
    }

    /** How messages of runs have ended in a commit. */
    private static final class Ended {
        private final Map<Long, Map<State, Integer>> runs = new TreeMap<>();
    }

    /** Begins to send dead letters again; by the future, the run with what it took. */
    public CompletableFuture<Replay> begin(Filter filter, Replay.Wanted wanted) {
        return writer.dispatch(transaction -> begin(transaction, filter, wanted));
    }

    /** Counts what a run would take, or of that what may have been sent. */
    public long count(Filter filter, RunAction action, long cutoff, boolean maybeSent) {
        action.narrow(filter, cutoff);
        filter.maybeSent(maybeSent ? true : null);
        return database.read(sql -> new Search(sql, filter)
                .queries(Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                        .flatMap(each -> each.list(sql, Row::number).stream())
                        .distinct()
                        .count());
    }

    /** Returns the newest that a run would send again. */
    public List<Found> examples(Filter filter, Replay.Wanted wanted, int most) {
        wanted.action().narrow(filter, wanted.cutoff());
        filter.maybeSent(wanted.maybeSent() ? null : false);
        return database.read(sql -> new Search(sql, filter).newest(Long.MAX_VALUE, most));
    }

    /** Makes this process the one that goes on with runs, unless another is. */
    public CompletableFuture<Boolean> own() {
        return owners.own(writer, "replays");
    }

    /**
     * Sends some of a run again, the first accepted first, and passes over what has changed meanwhile.
     *
     * @param lifetimes gives how long a message of a lane lives, in milliseconds; null where the lane is no more
     * @return by the future, whether there may be more to do at once
     */
    public CompletableFuture<Boolean> step(long run, int most, int stage, Function<String, @Nullable Long> lifetimes) {
        return writer.dispatch(transaction -> step(transaction, run, most, stage, lifetimes));
    }

    /** Cancels a replay run; returns whether it was one that runs. */
    public CompletableFuture<Boolean> cancel(String id) {
        return writer.dispatch(transaction -> end(transaction, id, "cancelled", null));
    }

    /** Finds a run by its id. */
    public Optional<Replay> find(String id) {
        return database.read(sql -> find(sql, "id = ?", id));
    }

    /** Lists the newest runs. */
    public List<Replay> list(int most) {
        return database.read(
                sql -> sql.list(Replay.COLUMNS + "1 = 1 order by seq desc limit ?", Row.as(Replay.class), most));
    }

    /** Lists the runs that go on. */
    public List<Replay> running() {
        return database.read(
                sql -> sql.list(Replay.COLUMNS + "state = 'running' order by seq desc", Row.as(Replay.class)));
    }

    /** Returns whether a run still has messages of a lane; null for an api: of any. */
    public boolean isInLane(long run, String lane, @Nullable String api) {
        return database.read(sql -> sql.any(
                        "select 1 from replay_item join message on message.seq = replay_item.seq"
                                + " where run = ? and lane = ? and api = coalesce(?, api) limit 1",
                        run,
                        lane,
                        api)
                || sql.any(
                        "select 1 from work where lane = ? and api = coalesce(?, api) and run = ? limit 1",
                        lane,
                        api,
                        run));
    }

    private static Replay begin(Transaction transaction, Filter filter, Replay.Wanted wanted) {
        Sql sql = transaction.sql();
        long seq = transaction.nextSeq();
        wanted.action().narrow(filter, wanted.cutoff());
        for (Query each : new Search(sql, filter).queries(Long.MAX_VALUE, Integer.MAX_VALUE)) {
            each.within(
                            "insert into replay_item (run, seq) select ?, found.seq from (",
                            ") as found where true on conflict do nothing",
                            seq)
                    .update(sql);
        }
        sql.update(
                "insert into replay (seq, id, action, request, state, cutoff, rate, ramp, stop_at, maybe_sent, total, reason,"
                        + " started_at) values (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?,"
                        + " (select count(*) from replay_item where run = ?), ?, ?)",
                seq,
                MessageId.next(),
                wanted.action().toString(),
                wanted.request(),
                wanted.cutoff(),
                wanted.rate(),
                wanted.ramp() ? 1 : 0,
                wanted.stopAt(),
                wanted.maybeSent() ? 1 : 0,
                seq,
                wanted.reason(),
                Clock.now());
        settle(transaction, seq);
        transaction.wake("replays");
        return find(sql, "seq = ?", seq).orElseThrow();
    }

    private static boolean step(
            Transaction transaction, long run, int most, int stage, Function<String, @Nullable Long> lifetimes) {
        Replay replay = find(transaction.sql(), "seq = ?", run).orElseThrow();
        if (!replay.state().equals("running")) {
            return false;
        }
        boolean more = new RunStep(transaction, replay, lifetimes).go(most, stage);
        settle(transaction, run);
        return more;
    }

    /** A run ends when all it took has been sent again or passed over, and what was sent again has ended. */
    private static void settle(Transaction transaction, long run) {
        transaction.update(
                "update replay set state = 'finished', finished_at = ? where seq = ? and state = 'running'"
                        + " and (action <> 'replay' or replayed = delivered + relapsed + discarded)"
                        + " and not exists (select 1 from replay_item where run = ?)",
                Clock.now(),
                run,
                run);
    }

    /** Writes how messages of runs have ended in this commit, and stops a run of which too many are dead again. */
    static void write(Transaction transaction) {
        transaction
                .part(Ended.class)
                .ifPresent(ended -> ended.runs.forEach((run, states) -> {
                    int delivered = states.getOrDefault(State.DELIVERED, 0);
                    int relapsed = states.getOrDefault(State.DEAD, 0) + states.getOrDefault(State.UNCERTAIN, 0);
                    int all =
                            states.values().stream().mapToInt(Integer::intValue).sum();
                    transaction.update(
                            "update replay set delivered = delivered + ?, relapsed = relapsed + ?, discarded = discarded + ?"
                                    + " where seq = ?",
                            delivered,
                            relapsed,
                            all - delivered - relapsed,
                            run);
                    find(transaction.sql(), "seq = ?", run)
                            .filter(Replays::relapses)
                            .ifPresent(replay -> end(
                                    transaction,
                                    replay.id(),
                                    "stopped",
                                    replay.relapsed() + " of " + replay.ended() + " were not delivered again."));
                    settle(transaction, run);
                }));
    }

    /** Counts, for a run, a message of it that has ended; it is written once a commit. */
    static void ended(Transaction transaction, long run, State state) {
        transaction
                .part(Ended.class, Ended::new)
                .runs
                .computeIfAbsent(run, any -> new EnumMap<>(State.class))
                .merge(state, 1, Integer::sum);
    }

    private static boolean relapses(Replay replay) {
        Double share = replay.wanted().stopAt();
        long telling = Math.max(replay.ended(), Math.min(TELLING, replay.total()));
        return share != null && replay.relapsed() > 0 && replay.relapsed() >= share * telling;
    }

    /** Ends a run that still runs; what it has sent again goes its way. Returns whether it did. */
    private static boolean end(Transaction transaction, String id, String state, @Nullable String why) {
        int ended = transaction.update(
                "update replay set state = ?, why = ?, finished_at = ? where id = ? and state = 'running'",
                state,
                why,
                Clock.now(),
                id);
        transaction.update("delete from replay_item where run = (select seq from replay where id = ?)", id);
        return ended > 0;
    }

    private static Optional<Replay> find(Sql sql, String condition, Object value) {
        return sql.first(Replay.COLUMNS + condition, Row.as(Replay.class), value);
    }
}
