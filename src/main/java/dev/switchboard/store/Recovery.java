package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Takes up what an earlier owner of a lane has left. */
final class Recovery {

    private static final Outcome MAY_HAVE_GONE = new Outcome(
            State.UNCERTAIN,
            0,
            false,
            true,
            null,
            new Outcome.Failure(
                    FailureClass.UNCERTAIN,
                    null,
                    null,
                    "The store was restored from a backup, since which it may have been sent.",
                    true),
            null);

    private Recovery() {}

    /** Takes up what was left in the middle of an attempt: what may be repeated waits again, the rest is uncertain. */
    static void adopt(Transaction transaction, String lane, Predicate<String> mayRepeat, Outcome.Failure why) {
        Work.list(transaction.sql(), "work.lane = ? and " + Stage.SENDING.is() + " order by position", lane)
                .forEach(work ->
                        OutcomeWriter.write(transaction, work, interrupted(mayRepeat.test(work.operation()), why)));
    }

    private static Outcome interrupted(boolean repeat, Outcome.Failure why) {
        var tried = new Outcome.Tried(
                Instant.ofEpochMilli(Clock.now()),
                repeat ? Disposition.RETRY : Disposition.PARK,
                null,
                null,
                why.meaning(),
                null,
                null);
        return repeat
                ? new Outcome(State.WAITING, 0, true, true, tried, null, null)
                : new Outcome(State.UNCERTAIN, 0, true, true, tried, why, null);
    }

    /**
     * Ends what a backup had unfinished in a lane and may not be repeated: it may have gone out since. What came in after the
     * restore does not belong to it.
     */
    static void restored(Transaction transaction, String lane, Predicate<String> mayRepeat) {
        Sql sql = transaction.sql();
        sql.first("select restored from lane where name = ? and restored is not null", Row::number, lane)
                .ifPresent(until -> {
                    Work.list(sql, "work.lane = ? and work.seq <= ? order by position", lane, until).stream()
                            .filter(work -> !mayRepeat.test(work.operation()))
                            .forEach(work -> OutcomeWriter.write(transaction, work, MAY_HAVE_GONE));
                    sql.update("update lane set restored = null where name = ?", lane);
                });
    }

    /** Puts back what was claimed in an epoch that still lasts, and is not being attempted: no one heard of that claim. */
    static void release(Transaction transaction, String lane, long epoch, Set<Long> inFlight) {
        List<Long> unheardOf = transaction
                .list(
                        "select seq from work where lane = ? and epoch = ? and " + Stage.SENDING.is(),
                        Row::number,
                        lane,
                        epoch)
                .stream()
                .filter(seq -> !inFlight.contains(seq))
                .toList();
        transaction
                .sql()
                .updateIn(
                        "update work set " + Stage.READY.set()
                                + ", attempts = attempts - 1 where lane = ? and seq in (?*)",
                        unheardOf,
                        lane);
    }

    /**
     * Makes heads due that would be due later only because the clock has been set back since: it was a wrong one that ran ahead.
     * Those behind them are due by now when they become heads. However many there are, the index of claims finds these.
     */
    static void dueByNow(Transaction transaction, String lane) {
        Optional<String> api = nextApi(transaction, lane, "");
        while (api.isPresent()) {
            for (int band = Queue.SINGLE; band <= Queue.OF_A_BATCH; band++) {
                transaction.update(
                        "update work set due = ? where lane = ? and api = ? and band = ? and " + Stage.READY.is()
                                + " and due > ? and (waits is null or exists (select 1 from attempt"
                                + " where attempt.seq = work.seq and number = attempts and ended_at > ?))",
                        Clock.steady(),
                        lane,
                        api.get(),
                        band,
                        Clock.steady(),
                        Clock.now());
            }
            api = nextApi(transaction, lane, api.get());
        }
    }

    /** Goes from one api of a lane to the next by an index. */
    private static Optional<String> nextApi(Transaction transaction, String lane, String after) {
        return transaction
                .sql()
                .first(
                        "select api from work where lane = ? and api > ? and " + Stage.READY.is()
                                + " order by api limit 1",
                        Row::text,
                        lane,
                        after);
    }
}
