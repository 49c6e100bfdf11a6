package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Stage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Messages for the conversation that another message begins: they wait until it is delivered, and are dead if it is not. */
final class Awaiting {

    private static final String AWAITING = "work.conversation_of = ? and " + Stage.AWAITING.is();
    private static final String AWAITS = " where " + AWAITING;
    private static final String SEQ_OF = "(select seq from identity where id = ?)";

    private Awaiting() {}

    /** The messages whose followers are to be looked for; it is empty unless someone up the stack is about that. */
    private static final class Settling {
        private final Deque<String> ids = new ArrayDeque<>();
    }

    /** The message that begins a conversation, as it stands now. */
    private record Start(
            String lane,
            @Nullable State ended,
            @Nullable String conversation,
            @Nullable String replacedBy,
            @Nullable String sender) {}

    private record Waiting(long seq, String lane, @Nullable String uploader, ObjectNode body) {
        @Nullable
        Instant notBefore() {
            return new Message(body).notBefore();
        }

        /** Returns how much longer it lives, in milliseconds: as long as it waited, unless its sender has said how long. */
        long extension() {
            return new Message(body).expiresAt() == null ? Math.max(0, Clock.now() - Clock.time(seq)) : 0;
        }
    }

    /** Looks for those that have just come in the outcome of the message that begins their conversation. */
    static void join(Transaction transaction, List<Message> messages) {
        Set<String> starts = new TreeSet<>();
        for (Message message : messages) {
            String start = message.conversationOf();
            if (start != null) {
                starts.add(start);
                if (message.expiresAt() == null) {
                    outlive(transaction.sql(), message, start);
                }
            }
        }
        starts.forEach(start -> joinOne(transaction, start));
    }

    /** It does not expire before what it waits for. */
    private static void outlive(Sql sql, Message message, String start) {
        sql.first(
                        "select max(expires) from work where lane = ? and seq = " + SEQ_OF,
                        Row::numberOrNull,
                        message.lane(),
                        start)
                .ifPresent(expires -> sql.update(
                        "update work set expires = ? where lane = ? and seq = " + SEQ_OF + " and expires < ? and "
                                + Stage.AWAITING.is(),
                        expires,
                        message.lane(),
                        message.id(),
                        expires));
    }

    static void joinOne(Transaction transaction, String start) {
        // another process may be about to end it: then this waits for that, or that one sees those who wait
        transaction.update(
                "update work set epoch = epoch where seq = " + SEQ_OF
                        + " and lane = (select lane from message where seq = " + SEQ_OF + ")",
                start,
                start);
        settle(transaction, start);
    }

    /** Lets those go on that wait for some messages, or ends them, where these have ended; and with them those that wait for these. */
    static void settle(Transaction transaction, List<String> ids) {
        List<String> awaited = ids.size() == 1
                ? ids
                : transaction
                        .sql()
                        .listIn(
                                "select distinct conversation_of from work where conversation_of in (?*) and "
                                        + Stage.AWAITING.is(),
                                Row::text,
                                ids);
        awaited.forEach(id -> settle(transaction, id));
    }

    static void settle(Transaction transaction, String id) {
        Deque<String> settling = transaction.part(Settling.class, Settling::new).ids;
        boolean under = !settling.isEmpty();
        settling.add(id);
        if (under) {
            return;
        }
        while (!settling.isEmpty()) {
            settleOne(transaction, settling.element());
            settling.remove();
        }
    }

    private static void settleOne(Transaction transaction, String id) {
        Sql sql = transaction.sql();
        if (!sql.any("select 1 from work" + AWAITS + " limit 1", id)) {
            return;
        }
        Optional<Start> found = find(sql, id);
        if (found.isEmpty()) {
            end(transaction, id, unknown(id));
            return;
        }
        Start start = found.get();
        if (start.replacedBy != null) {
            sql.update(
                    "update message set conversation_of = ? where seq in (select seq from work" + AWAITS + ")",
                    start.replacedBy,
                    id);
            sql.update("update work set conversation_of = ?" + AWAITS, start.replacedBy, id);
            joinOne(transaction, start.replacedBy);
        } else if (start.ended == State.DELIVERED) {
            deliver(transaction, id, start);
        } else if (start.ended != null && start.ended != State.UNCERTAIN) {
            end(transaction, id, "The message " + id + ", whose conversation it is for, was not delivered.");
        }
    }

    private static String unknown(String id) {
        return "There is no message " + id + ", whose conversation it is for.";
    }

    private static Optional<Start> find(Sql sql, String id) {
        return sql.first(
                "select message.lane, state, conversation, replaced_by, sender from message left join outcome on"
                        + " outcome.seq = message.seq where message.seq = "
                        + SEQ_OF,
                Row.as(Start.class),
                id);
    }

    private static void deliver(Transaction transaction, String id, Start start) {
        String conversation = start.conversation;
        if (conversation == null) {
            end(transaction, id, "The message " + id + " was delivered, but its conversation is not known.");
            return;
        }
        transaction
                .list(
                        "select work.seq, work.lane, case when work.batch is not null then sender end, body from work"
                                + " join message on message.seq = work.seq"
                                + AWAITS + " order by position",
                        Row.as(Waiting.class),
                        id)
                .forEach(each -> {
                    String fault = isForeign(each, start)
                            ? unknown(id)
                            : each.lane.equals(start.lane)
                                    ? null
                                    : "The message " + id + " is of another lane, " + start.lane + ".";
                    if (fault == null) {
                        join(transaction.sql(), each, conversation);
                    } else {
                        Work.find(transaction.sql(), each.lane, each.seq)
                                .ifPresent(work -> end(transaction, work, fault));
                    }
                });
        transaction.wake(start.lane);
    }

    /** Lines of a file that someone uploaded are for no one else's conversations; single messages are asked when they come in. */
    private static boolean isForeign(Waiting line, Start start) {
        return line.uploader != null && !line.uploader.equals(start.sender);
    }

    /** From here on it is as one that came in with the conversation's id. */
    private static void join(Sql sql, Waiting waiting, String conversation) {
        Instant notBefore = waiting.notBefore();
        Stage stage = notBefore == null ? Stage.NEW : Stage.NOT_BEFORE;
        ObjectNode body = waiting.body.deepCopy().put("conversationId", conversation);
        int joined = sql.update(
                "update work set conversation = ?, conversation_of = null, " + stage.set()
                        + ", due = ?, expires = expires + ? where lane = ? and seq = ? and " + Stage.AWAITING.is(),
                conversation,
                notBefore == null ? Clock.steady() : notBefore.toEpochMilli(),
                waiting.extension(),
                waiting.lane,
                waiting.seq);
        if (joined > 0) {
            sql.update(
                    "update message set conversation = ?, body = ? where seq = ?",
                    conversation,
                    body.toString(),
                    waiting.seq);
        }
    }

    private static void end(Transaction transaction, String id, String meaning) {
        Work.list(transaction.sql(), AWAITING + " order by position", id)
                .forEach(work -> end(transaction, work, meaning));
    }

    private static void end(Transaction transaction, Work work, String meaning) {
        var failure = new Outcome.Failure(FailureClass.GONE, null, null, meaning, false);
        boolean unwanted = work.erase() || Batches.isCancelled(transaction.sql(), work.batch());
        OutcomeWriter.write(
                transaction,
                work,
                unwanted ? Outcome.DISCARDED : new Outcome(State.DEAD, 0, false, false, null, failure, null));
    }
}
