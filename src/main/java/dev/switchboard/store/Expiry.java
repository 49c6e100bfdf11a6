package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Json;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Stage;
import java.util.List;

/** Ends messages that were not delivered in time. */
final class Expiry {

    private static final int AT_ONCE = 500;
    private static final String EXPIRED = "expires <= ? and " + Stage.SENDING.isNot();

    private Expiry() {}

    /**
     * Ends what has expired in the queue of a lane, heads and those behind. What the vendor was closed for keeps that cause.
     *
     * @return whether there may be more; the lane is woken for it then
     */
    static boolean expire(Transaction transaction, String lane) {
        List<Work> expired = Work.list(
                transaction.sql(),
                "work.lane = ? and " + EXPIRED + " order by expires limit " + AT_ONCE,
                lane,
                Clock.now());
        expired.forEach(work -> OutcomeWriter.write(
                transaction, work, new Outcome(State.DEAD, 0, false, work.uncertain(), null, why(work), null)));
        boolean more = expired.size() == AT_ONCE;
        if (more) {
            transaction.wake(lane);
        }
        return more;
    }

    private static Outcome.Failure why(Work work) {
        JsonNode known = Json.parse(work.failure());
        return known.isNull()
                ? new Outcome.Failure(
                        FailureClass.EXPIRED, null, null, "It was not delivered before it expired.", work.uncertain())
                : Outcome.Failure.of(known);
    }
}
