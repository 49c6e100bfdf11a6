package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.outbox.Outbox;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes the outcome of messages, together with what has to go out because of it. */
final class OutcomeWriter {

    /** A message that was done so long after its acceptance is not found by its number when it is old. */
    static final long LATE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private static final String OF_IT = " where lane = ? and seq = ? and attempts = ? and epoch = ? and ";
    private static final String SENDING = OF_IT + Stage.SENDING.is();
    private static final String SENDING_UNLESS_ERASED = SENDING + " and erase = 0";
    private static final String NOT_SENDING = OF_IT + Stage.SENDING.isNot();
    private static final String TAKE_OUT = "delete from work";
    private static final String WAIT = "update work set " + Stage.READY.set()
            + ", waiting = 1, due = ?, tries = tries + ?, uncertain = ?, class = ?, code = ?, failure = ?";
    private static final String OUTCOME =
            "insert into outcome (seq, lane, state, class, code, failure, maybe, result, batch, finished_at, late, attempts,"
                    + " started_at, ended_at, disposition, http_status, answer_code, answer_message, request, answer)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String ATTEMPT =
            "insert into attempt (seq, number, started_at, ended_at, disposition, http_status, answer_code, answer_message,"
                    + " request, answer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private OutcomeWriter() {}

    /**
     * Writes the outcome of an attempt; does nothing where the message is no longer in that attempt. All that is needed was known
     * when it was claimed, but whether someone has asked meanwhile to erase it: then it is looked at again.
     */
    static void attempted(Transaction transaction, Claimed claimed, Outcome outcome) {
        boolean written = Work.of(claimed)
                .filter(work -> write(transaction, work, outcome, SENDING_UNLESS_ERASED))
                .isPresent();
        if (!written) {
            Work.find(transaction.sql(), claimed.message().lane(), claimed.seq())
                    .filter(work -> work.stage() == Stage.SENDING
                            && work.attempts() == claimed.attempt()
                            && work.epoch() == claimed.epoch())
                    .ifPresent(work -> write(transaction, work, outcome));
        }
    }

    /** Writes an outcome; does nothing where the message has left its stage and attempt meanwhile. */
    static void write(Transaction transaction, Work work, Outcome outcome) {
        write(
                transaction,
                work,
                work.erase() ? outcome.ended() : outcome,
                work.stage() == Stage.SENDING ? SENDING : NOT_SENDING);
    }

    private static boolean write(Transaction transaction, Work work, Outcome outcome, String where) {
        if (outcome.state().finished()) {
            return finish(transaction, work, outcome, where);
        }
        Outcome.Failure failure = outcome.failure();
        int changed = transaction.update(
                WAIT + where,
                Clock.steady() + outcome.delay(),
                outcome.counted() ? 1 : 0,
                outcome.uncertain() ? 1 : 0,
                failure == null ? null : failure.failureClass().toString(),
                failure == null ? null : failure.code(),
                failure == null ? null : View.failure(failure, work.api()).toString(),
                work.lane(),
                work.seq(),
                work.attempts(),
                work.epoch());
        if (changed == 0) {
            return false;
        }
        if (outcome.attempt() != null) {
            record(transaction, work, outcome.attempt());
        }
        transaction.wake(work.lane());
        return true;
    }

    private static void record(Transaction transaction, Work work, Outcome.Tried tried) {
        transaction.update(
                ATTEMPT,
                work.seq(),
                work.attempts(),
                tried.startedAt().toEpochMilli(),
                Clock.now(),
                tried.disposition().toString(),
                tried.httpStatus(),
                tried.code(),
                tried.message(),
                tried.request(),
                tried.answer());
    }

    private static boolean finish(Transaction transaction, Work work, Outcome outcome, String where) {
        Sql sql = transaction.sql();
        int changed = sql.update(TAKE_OUT + where, work.lane(), work.seq(), work.attempts(), work.epoch());
        if (changed == 0) {
            return false;
        }
        insert(sql, work, outcome, outcome.attempt());
        String begun = outcome.conversation();
        if (begun != null && work.conversation() == null) {
            sql.update("update message set conversation = ? where seq = ?", begun, work.seq());
        }
        if (work.erase()) {
            Erasure.onRequest(transaction, work.seq(), outcome.state());
        }
        if (Queue.advance(transaction, work.lane(), work.api(), work.conversation())) {
            transaction.wake(work.lane());
        }
        Awaiting.settle(transaction, work.id());
        publish(transaction, work, outcome);
        BatchCounts.moved(transaction, work.batch(), work.state(), outcome.state());
        if (work.erase() && Filter.FAILED.contains(outcome.state())) {
            Finished.find(sql, work.seq()).ifPresent(message -> Erasure.giveUp(transaction, message));
        }
        transaction.wake(work.id());
        if (work.run() != null) {
            Replays.ended(transaction, work.run(), outcome.state());
        }
        News.add(transaction, listener -> listener.finished(work.lane(), outcome));
        return true;
    }

    private static void insert(Sql sql, Work work, Outcome outcome, Outcome.@Nullable Tried tried) {
        long now = Clock.now();
        Outcome.Failure failure = outcome.failure();
        boolean maybe = failure != null && (failure.mayHaveBeenSent() || outcome.state() == State.UNCERTAIN);
        boolean late = Math.abs(now - Clock.time(work.seq())) >= LATE_MILLIS;
        sql.update(
                OUTCOME,
                work.seq(),
                work.lane(),
                outcome.state().toString(),
                failure == null ? null : failure.failureClass().toString(),
                failure == null ? null : failure.code(),
                failure == null ? null : View.failure(failure, work.api()).toString(),
                maybe ? 1 : 0,
                outcome.result() == null ? null : outcome.result().toString(),
                failure == null ? null : work.batch(),
                now,
                late ? 1 : 0,
                work.attempts(),
                tried == null ? null : tried.startedAt().toEpochMilli(),
                tried == null ? null : now,
                tried == null ? null : tried.disposition().toString(),
                tried == null ? null : tried.httpStatus(),
                tried == null ? null : tried.code(),
                tried == null ? null : tried.message(),
                tried == null ? null : tried.request(),
                tried == null ? null : tried.answer());
    }

    private static void publish(Transaction transaction, Work work, Outcome outcome) {
        boolean dead = Filter.FAILED.contains(outcome.state());
        if (!dead && work.replyTo() == null) {
            return;
        }
        String view = View.find(transaction.sql(), work.id()).orElseThrow().toString();
        String vendor = work.lane().substring(0, work.lane().indexOf('/'));
        if (dead && outcome.failure() != null) {
            String topic = "dead-letters:" + outcome.failure().failureClass();
            Outbox.add(transaction, topic, work.id(), view, Outbox.headers("vendor", vendor, "messageId", work.id()));
        }
        if (work.replyTo() != null) {
            String correlation = work.correlation() == null ? "" : work.correlation();
            Outbox.add(
                    transaction,
                    "outbox:replies",
                    work.id(),
                    view,
                    Outbox.headers("replyTo", work.replyTo(), "correlationId", correlation));
        }
    }

    /** Discards messages that no one is sending. */
    static void discard(Transaction transaction, List<Work> unwanted) {
        unwanted.forEach(work -> write(transaction, work, Outcome.DISCARDED));
    }
}
