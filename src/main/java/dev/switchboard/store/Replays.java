package dev.switchboard.store;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Runs that send dead letters again. What a run takes is written down in one commit at its beginning; a message leaves that
 * list in the commit that sends it again, so that a kill in the middle neither loses nor repeats one.
 */
final class Replays {

    private static final int LOOKED_AT = 500;

    /** So many have to end before a share of them says something. */
    private static final int TELLING = 10;

    private Replays() {}

    static Replay begin(Transaction transaction, Filter filter, Replay.Wanted wanted) {
        Handle handle = transaction.handle();
        long seq = transaction.nextSeq();
        filter.states(Filter.FAILED).failedBy(wanted.cutoff());
        for (Search.Numbers each : new Search(handle, filter).queries(Long.MAX_VALUE, Integer.MAX_VALUE)) {
            each.conditions()
                    .value("run", seq)
                    .bind(handle.createUpdate("insert into replay_item (run, seq) select :run, found.seq from ("
                            + each.sql() + ") as found where true on conflict do nothing"))
                    .execute();
        }
        transaction
                .sql()
                .update(
                        "insert into replay (seq, id, request, state, cutoff, rate, ramp, stop_at, maybe_sent, total, reason,"
                                + " started_at) values (?, ?, ?, 'running', ?, ?, ?, ?, ?,"
                                + " (select count(*) from replay_item where run = ?), ?, ?)",
                        seq,
                        MessageId.next(),
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
        return find(handle, "seq = :value", seq).orElseThrow();
    }

    /**
     * Sends some again, the first accepted first, and passes over what has changed meanwhile.
     *
     * @param lifetimes gives how long a message of a lane lives, in milliseconds; null where the lane is no more
     * @return whether there may be more to do at once
     */
    static boolean step(
            Transaction transaction, long run, int most, int stage, Function<String, @Nullable Long> lifetimes) {
        Replay replay = find(transaction.handle(), "seq = :value", run).orElseThrow();
        if (!replay.state().equals("running")) {
            return false;
        }
        List<Long> items = transaction
                .sql()
                .list(
                        "select seq from replay_item where run = ? order by seq limit ?",
                        row -> row.getLong(1),
                        run,
                        LOOKED_AT);
        var counts = new HashMap<String, Integer>();
        for (long item : items) {
            if (counts.getOrDefault("replayed", 0) >= most) {
                break;
            }
            if (transaction.sql().update("delete from replay_item where run = ? and seq = ?", run, item) == 1) {
                counts.merge(one(transaction, replay, item, lifetimes, counts), 1, Integer::sum);
            }
        }
        note(transaction, run, stage, counts);
        settle(transaction, run);
        return items.size() == LOOKED_AT;
    }

    /** Returns what became of it. */
    private static String one(
            Transaction transaction,
            Replay replay,
            long seq,
            Function<String, @Nullable Long> lifetimes,
            Map<String, Integer> counts) {
        Finish.Current message = Finish.current(transaction, seq);
        boolean still = transaction
                .sql()
                .any(
                        "select 1 from message where seq = ? and state in ('dead', 'uncertain') and finished_at <= ?",
                        seq,
                        replay.wanted().cutoff());
        if (message == null || !still) {
            return "changed";
        }
        if (!replay.wanted().maybeSent()
                && transaction.sql().any("select 1 from message where seq = ? and maybe = 1", seq)) {
            return "maybe";
        }
        Long lifetime = lifetimes.apply(message.lane());
        if (lifetime == null) {
            return "account";
        }
        counts.merge("later", Mend.laterSent(transaction, message, 1), Integer::sum);
        Mend.again(transaction, message, lifetime, replay.seq());
        return "replayed";
    }

    private static void note(Transaction transaction, long run, int stage, Map<String, Integer> counts) {
        transaction
                .sql()
                .update(
                        "update replay set stage = ?, replayed = replayed + ?, skipped_maybe = skipped_maybe + ?,"
                                + " skipped_changed = skipped_changed + ?, skipped_account = skipped_account + ?,"
                                + " later_sent = later_sent + ? where seq = ?",
                        stage,
                        counts.getOrDefault("replayed", 0),
                        counts.getOrDefault("maybe", 0),
                        counts.getOrDefault("changed", 0),
                        counts.getOrDefault("account", 0),
                        counts.getOrDefault("later", 0),
                        run);
    }

    /** A run ends when all it took has been sent again or passed over, and what was sent again has ended. */
    private static void settle(Transaction transaction, long run) {
        transaction
                .sql()
                .update(
                        "update replay set state = 'finished', finished_at = ? where seq = ? and state = 'running'"
                                + " and replayed = delivered + relapsed + discarded"
                                + " and not exists (select 1 from replay_item where run = ?)",
                        Clock.now(),
                        run,
                        run);
    }

    /** Writes how messages of runs have ended in this commit, and stops a run of which too many are dead again. */
    static void count(Transaction transaction) {
        transaction.ended().forEach((run, states) -> {
            int delivered = states.getOrDefault(State.DELIVERED, 0);
            int relapsed = states.getOrDefault(State.DEAD, 0) + states.getOrDefault(State.UNCERTAIN, 0);
            int all = states.values().stream().mapToInt(Integer::intValue).sum();
            transaction
                    .sql()
                    .update(
                            "update replay set delivered = delivered + ?, relapsed = relapsed + ?, discarded = discarded + ?"
                                    + " where seq = ?",
                            delivered,
                            relapsed,
                            all - delivered - relapsed,
                            run);
            find(transaction.handle(), "seq = :value", run)
                    .filter(Replays::relapses)
                    .ifPresent(replay -> end(
                            transaction,
                            replay.id(),
                            "stopped",
                            replay.relapsed() + " of " + replay.ended() + " were not delivered again."));
            settle(transaction, run);
        });
    }

    private static boolean relapses(Replay replay) {
        Double share = replay.wanted().stopAt();
        long telling = Math.max(replay.ended(), Math.min(TELLING, replay.total()));
        return share != null && replay.relapsed() > 0 && replay.relapsed() >= share * telling;
    }

    /** Ends a run that still runs; what it has sent again goes its way. Returns whether it did. */
    static boolean end(Transaction transaction, String id, String state, @Nullable String why) {
        int ended = transaction
                .sql()
                .update(
                        "update replay set state = ?, why = ?, finished_at = ? where id = ? and state = 'running'",
                        state,
                        why,
                        Clock.now(),
                        id);
        transaction.sql().update("delete from replay_item where run = (select seq from replay where id = ?)", id);
        return ended > 0;
    }

    static Optional<Replay> find(Handle handle, String condition, Object value) {
        return handle.createQuery("select * from replay where " + condition)
                .bind("value", value)
                .map((row, context) -> replay(row))
                .findOne();
    }

    static List<Replay> list(Handle handle, String condition, long after, int most) {
        return handle.createQuery(
                        "select * from replay where " + condition + " and seq < :after order by seq desc limit :most")
                .bind("after", after)
                .bind("most", most)
                .map((row, context) -> replay(row))
                .list();
    }

    private static @Nullable Double number(ResultSet row, String column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? null : number;
    }

    private static Replay replay(ResultSet row) throws SQLException {
        long finished = row.getLong("finished_at");
        Long finishedAt = row.wasNull() ? null : finished;
        var wanted = new Replay.Wanted(
                row.getString("request"),
                row.getLong("cutoff"),
                number(row, "rate"),
                row.getInt("ramp") == 1,
                number(row, "stop_at"),
                row.getInt("maybe_sent") == 1,
                row.getString("reason"));
        return new Replay(
                row.getLong("seq"),
                row.getString("id"),
                wanted,
                row.getString("state"),
                row.getInt("stage"),
                row.getLong("total"),
                row.getLong("replayed"),
                row.getLong("delivered"),
                row.getLong("relapsed"),
                row.getLong("discarded"),
                row.getLong("skipped_maybe"),
                row.getLong("skipped_changed"),
                row.getLong("skipped_account"),
                row.getLong("later_sent"),
                row.getString("why"),
                row.getLong("started_at"),
                finishedAt);
    }
}
