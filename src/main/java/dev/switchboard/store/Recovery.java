package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import java.time.Instant;
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
}
