package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an operator does about messages that were not delivered. */
final class OperatorActions {

    private static final long UNDONE_WITHIN = TimeUnit.HOURS.toMillis(24);
    private static final int MOST_LATER = 1_000;
    private static final String OF_IT = " where seq = ? and state = ?";

    private OperatorActions() {}

    /**
     * Sends a dead or uncertain message again.
     *
     * @return how many later messages of its conversation have gone out meanwhile
     */
    static int replay(Transaction transaction, String id, long lifetime) {
        Finished message = require(transaction, id, "replayed", State.DEAD, State.UNCERTAIN);
        int later = laterSent(transaction.sql(), message, MOST_LATER);
        again(transaction, message, lifetime, null);
        return later;
    }

    /** Puts a message at the end of its conversation, with a lifetime and a schedule of its own. */
    static void again(Transaction transaction, Finished message, long lifetime, @Nullable Long run) {
        Sql sql = transaction.sql();
        sql.update(
                "insert into attempt (seq, number, started_at, ended_at, disposition, http_status, answer_code,"
                        + " answer_message, request, answer) select seq, attempts, started_at, ended_at, disposition,"
                        + " http_status, answer_code, answer_message, request, answer from outcome"
                        + " where seq = ? and disposition is not null",
                message.seq());
        done(sql.update(
                "delete from outcome" + OF_IT, message.seq(), message.state().toString()));
        boolean awaits = message.conversation() == null && message.conversationOf() != null;
        Stage stage = awaits ? Stage.AWAITING : Stage.NEW;
        sql.update(
                Work.INSERT,
                message.lane(),
                message.seq(),
                message.api(),
                message.conversation(),
                awaits ? message.conversationOf() : null,
                message.batch(),
                stage.toString(),
                stage.front(),
                message.batch() == null ? Queue.SINGLE : Queue.OF_A_BATCH,
                transaction.nextSeq(),
                Clock.steady(),
                Clock.now() + lifetime,
                message.attempts(),
                message.maybeSent() ? 1 : 0,
                0L,
                run);
        BatchCounts.reopened(transaction, message.batch(), message.state());
        transaction.wake(message.lane());
        if (awaits) {
            Awaiting.joinOne(transaction, String.valueOf(message.conversationOf()));
        }
    }

    /** Counts later messages of the same conversation that the vendor may have seen; the index of conversations finds them. */
    static int laterSent(Sql sql, Finished message, int most) {
        return message.conversation() == null
                ? 0
                : sql.list(
                                "select 1 from message where conversation = ? and seq > ? and lane = ? and api = ?"
                                        + " and (exists (select 1 from outcome where outcome.seq = message.seq"
                                        + " and state in ('delivered', 'uncertain'))"
                                        + " or exists (select 1 from work where work.lane = message.lane"
                                        + " and work.seq = message.seq and " + Stage.SENDING.is() + ")) limit ?",
                                Row::count,
                                message.conversation(),
                                message.seq(),
                                message.lane(),
                                message.api(),
                                most)
                        .size();
    }

    /** Keeps an edited message instead of a dead or uncertain one, which is locked after that. */
    static Accepted edit(Transaction transaction, String id, Incoming edited, Arrivals arrivals) {
        Finished message = require(transaction, id, "edited and replayed", State.DEAD, State.UNCERTAIN);
        String replacement = edited.message().id();
        Accepted accepted =
                Intake.accept(transaction, List.of(edited), arrivals).get(0);
        if (accepted.kind() != Accepted.Kind.NEW) {
            throw Refused.because(409, "There is already a message with the id " + replacement + ".");
        }
        Sql sql = transaction.sql();
        sql.update(
                "update message set replaces = ? where seq = (select seq from identity where identity.id = ?)",
                id,
                replacement);
        change(transaction, message, State.REPLACED, "replaced_by = ?", replacement);
        Awaiting.settle(transaction, id);
        return accepted;
    }

    /** Takes a dead or uncertain message off the dead letters, or gives up one that has not been sent, for a reason. */
    static int discard(Transaction transaction, String id, String reason) {
        Optional<Long> seq = transaction.sql().first("select seq from identity where id = ?", Row::number, id);
        return seq.isPresent() && WaitingActions.discard(transaction, seq.get(), reason)
                ? 1
                : discard(transaction, require(transaction, id, "discarded", State.DEAD, State.UNCERTAIN), reason);
    }

    static int discard(Transaction transaction, Finished message, String reason) {
        int discarded = change(
                transaction,
                message,
                State.DISCARDED,
                "reason = ?, discarded_at = ?, discarded_from = state",
                reason,
                Clock.now());
        Awaiting.settle(transaction, message.id());
        return discarded;
    }

    /** Makes a message that an operator discarded within the last day what it was. */
    static int undiscard(Transaction transaction, String id) {
        Finished message = require(transaction, id, "brought back", State.DISCARDED);
        State was = transaction
                .sql()
                .first(
                        "select discarded_from from outcome where seq = ? and discarded_at >= ?"
                                + " and discarded_from is not null",
                        row -> State.of(row.text()),
                        message.seq(),
                        Clock.now() - UNDONE_WITHIN)
                .orElseThrow(
                        () -> Refused.because(409, "Only an operator's discard of the last 24 hours can be undone."));
        return change(transaction, message, was, "reason = null, discarded_at = null, discarded_from = null");
    }

    /** Closes an uncertain message that someone knows to have been delivered, and which conversation it has begun, if any. */
    static int resolve(Transaction transaction, String id, @Nullable String conversation) {
        Finished message = require(transaction, id, "resolved", State.UNCERTAIN);
        transaction.wake(id);
        String result = conversation == null
                ? null
                : Json.object().put("conversationId", conversation).toString();
        int resolved = change(
                transaction,
                message,
                State.DELIVERED,
                "finished_at = ?, result = coalesce(result, ?)",
                Clock.now(),
                result);
        if (conversation != null && message.conversation() == null) {
            transaction.update("update message set conversation = ? where seq = ?", conversation, message.seq());
        }
        Awaiting.settle(transaction, id);
        return resolved;
    }

    /** Gives a finished message another state; when it was done is no longer told by its number. */
    private static int change(
            Transaction transaction, Finished message, State state, String also, @Nullable Object... values) {
        BatchCounts.moved(transaction, message.batch(), message.state(), state);
        return done(new Query("update outcome set state = ?, late = 1, ", state.toString())
                .add(also, values)
                .add(OF_IT, message.seq(), message.state().toString())
                .update(transaction.sql()));
    }

    /** Another process may have been quicker. */
    private static int done(int changed) {
        if (changed == 0) {
            throw Refused.because(409, "The message has changed meanwhile.");
        }
        return changed;
    }

    private static Finished require(Transaction transaction, String id, String done, State... allowed) {
        long seq = transaction
                .sql()
                .first("select seq from identity where id = ?", Row::number, id)
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
        Finished message = Finished.find(transaction.sql(), seq).orElse(null);
        if (message == null || !List.of(allowed).contains(message.state())) {
            String state = message == null
                    ? View.find(transaction.sql(), id)
                            .orElseThrow()
                            .path("state")
                            .asText()
                    : message.state().toString();
            throw Refused.because(
                    409,
                    "Only a message that is " + allowed[0] + (allowed.length > 1 ? " or " + allowed[1] : "")
                            + " can be " + done + "; this one is " + state + ".");
        }
        if (message.erased()) {
            throw Refused.because(
                    409,
                    "The content of this message has been erased; there is nothing left that could be " + done + ".");
        }
        return message;
    }
}
