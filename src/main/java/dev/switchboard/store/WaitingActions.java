package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.Refused;
import dev.switchboard.queue.Stage;
import dev.switchboard.queue.Waiting;
import java.util.List;
import java.util.Optional;

/** What an operator does about messages that wait. */
final class WaitingActions {

    private static final String OF_IT = "work.seq = ? and work.lane = (select lane from message where seq = ?) and ";

    private WaitingActions() {}

    /**
     * Makes a message due at once that waits for its next attempt.
     *
     * @return what it waited for
     * @throws Refused (404) when there is none, (409) when it waits for something else or not at all
     */
    static Waiting tryNow(Transaction transaction, String id) {
        long seq = transaction
                .sql()
                .first("select seq from identity where id = ?", Row::number, id)
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
        Waiting waiting = Waiting.of(transaction.sql(), List.of(id)).get(id);
        if (waiting == null) {
            throw Refused.because(
                    409, "Only a message that waits can be tried now; this one is " + state(transaction, id) + ".");
        }
        if (!waiting.isInTheQueue() || waiting.reason().isOpening()) {
            throw Refused.because(409, why(waiting));
        }
        tryNow(transaction, seq);
        return waiting;
    }

    private static String why(Waiting waiting) {
        return switch (waiting.reason()) {
            case CONVERSATION ->
                "It is tried after " + waiting.subject() + ", which is ahead of it in its conversation.";
            case START -> "It waits for " + waiting.subject() + ", which begins its conversation.";
            case BATCH -> "Its batch is paused: resume " + waiting.subject() + ".";
            case HOURS ->
                "The hours of its account are over until " + waiting.until()
                        + "; only a message that says ignoreHours is sent before.";
            case GATE ->
                "The vendor says that no one is available, and is asked again at " + waiting.until()
                        + "; only a message that says ignoreHours is sent before.";
            default -> "Its sender does not want it sent before " + waiting.until() + ".";
        };
    }

    private static String state(Transaction transaction, String id) {
        return View.find(transaction.sql(), id).orElseThrow().path("state").asText();
    }

    /** Makes a message due at once where it is the head of its conversation; returns whether it was due later. */
    static boolean tryNow(Transaction transaction, long seq) {
        long now = Clock.steady();
        Optional<String> lane = transaction.sql().first("select lane from message where seq = ?", Row::text, seq);
        boolean later = lane.isPresent()
                && transaction.update(
                                "update work set due = ? where lane = ? and seq = ? and due > ? and waits"
                                        + " not in ('hours', 'gate') and "
                                        + Stage.READY.is(),
                                now,
                                lane.get(),
                                seq,
                                now)
                        > 0;
        if (later) {
            transaction.wake(lane.get());
        }
        return later;
    }

    /** Discards a message that has not been sent and is not being sent; returns whether it is such a one. */
    static boolean discard(Transaction transaction, long seq, String reason) {
        Optional<Work> work = Work.list(transaction.sql(), OF_IT + Stage.SENDING.isNot(), seq, seq).stream()
                .findFirst()
                .filter(found -> OutcomeWriter.write(transaction, found, Outcome.DISCARDED));
        work.ifPresent(discarded -> transaction.update(
                "update outcome set reason = ?, discarded_at = ?, late = 1 where seq = ?", reason, Clock.now(), seq));
        return work.isPresent();
    }
}
