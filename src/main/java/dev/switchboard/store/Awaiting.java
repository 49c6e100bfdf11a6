package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are for the conversation which another message begins. They wait until that one was delivered, and are dead
 * where it was not.
 */
final class Awaiting {

    private static final String AWAITS = " where conversation_of = ? and place = 6";

    private Awaiting() {}

    /** The message that begins a conversation, as it stands now. */
    private record Start(
            String lane,
            State state,
            @Nullable String conversation,
            @Nullable String replacedBy,
            @Nullable String sender) {}

    private record Waiting(long seq, String lane, @Nullable String batch, ObjectNode body) {

        @Nullable
        Instant notBefore() {
            return new Message(body).notBefore();
        }

        /** Returns how much longer it lives, in milliseconds: as long as it waited, unless its sender has said how long. */
        long extension() {
            return new Message(body).expiresAt() == null ? Math.max(0, Clock.now() - Clock.time(seq)) : 0;
        }
    }

    /** Looks for those that have just come in what became of the message that begins their conversation. */
    static void join(Transaction transaction, List<Message> messages) {
        Set<String> starts = new TreeSet<>();
        for (Message message : messages) {
            String start = message.conversationOf();
            if (start != null) {
                starts.add(start);
                if (message.expiresAt() == null) {
                    outlive(transaction, message.id(), start);
                }
            }
        }
        starts.forEach(start -> joinOne(transaction, start));
    }

    /** It does not expire before what it waits for. */
    private static void outlive(Transaction transaction, String id, String start) {
        transaction
                .sql()
                .update(
                        "update message set expires = coalesce((select begins.expires from message begins where begins.id = ?"
                                + " and begins.expires > message.expires), expires) where id = ? and place = 6",
                        start,
                        id);
    }

    static void joinOne(Transaction transaction, String start) {
        // another process may be about to end it: then this waits for that, or that one sees those who wait
        transaction.sql().update("update message set operation = operation where id = ?", start);
        settle(transaction, start);
    }

    /** Lets those go on that wait for a message, or ends them, where it has ended; and with them those that wait for these. */
    static void settle(Transaction transaction, String id) {
        boolean under = !transaction.settling().isEmpty();
        transaction.settling().add(id);
        if (under) {
            return;
        }
        while (!transaction.settling().isEmpty()) {
            settleOne(transaction, transaction.settling().element());
            transaction.settling().remove();
        }
    }

    private static void settleOne(Transaction transaction, String id) {
        if (!transaction.sql().any("select 1 from message" + AWAITS + " limit 1", id)) {
            return;
        }
        Start start = find(transaction, id);
        if (start == null) {
            end(transaction, id, nobody(id));
        } else if (start.replacedBy != null) {
            transaction.sql().update("update message set conversation_of = ?" + AWAITS, start.replacedBy, id);
            joinOne(transaction, start.replacedBy);
        } else if (start.state == State.DELIVERED) {
            deliver(transaction, id, start);
        } else if (start.state.finished() && start.state != State.UNCERTAIN) {
            end(transaction, id, "The message " + id + ", whose conversation it is for, was not delivered.");
        }
    }

    private static String nobody(String id) {
        return "There is no message " + id + ", whose conversation it is for.";
    }

    private static @Nullable Start find(Transaction transaction, String id) {
        return transaction
                .sql()
                .first(
                        "select lane, state, conversation, replaced_by,"
                                + " coalesce(sender, (select sender from batch where batch.id = message.batch))"
                                + " from message where id = ?",
                        row -> new Start(
                                row.getString(1),
                                State.of(row.getString(2)),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5)),
                        id)
                .orElse(null);
    }

    private static void deliver(Transaction transaction, String id, Start start) {
        if (start.conversation == null) {
            end(transaction, id, "The message " + id + " was delivered, but its conversation is not known.");
            return;
        }
        transaction
                .sql()
                .list(
                        "select seq, lane, batch, body from message" + AWAITS + " order by position",
                        row -> new Waiting(row.getLong(1), row.getString(2), row.getString(3), (ObjectNode)
                                View.json(row.getString(4))),
                        id)
                .forEach(each -> {
                    if (!isOf(transaction, each, start)) {
                        end(transaction, each.seq, nobody(id));
                    } else if (each.lane.equals(start.lane)) {
                        join(transaction, each, start.conversation);
                    } else {
                        end(transaction, each.seq, "The message " + id + " is of another lane, " + start.lane + ".");
                    }
                });
        transaction.wake(start.lane);
    }

    /** The lines of a file that somebody uploaded are for nobody else's conversations; single messages are asked when they come in. */
    private static boolean isOf(Transaction transaction, Waiting waiting, Start start) {
        String uploader = waiting.batch == null
                ? null
                : transaction
                        .sql()
                        .first(
                                "select sender from batch where id = ? and sender is not null",
                                row -> row.getString(1),
                                waiting.batch)
                        .orElse(null);
        return uploader == null || uploader.equals(start.sender);
    }

    /** From here on it is as one that came in with the conversation's id. */
    private static void join(Transaction transaction, Waiting waiting, String conversation) {
        Instant notBefore = waiting.notBefore();
        ObjectNode body = waiting.body.deepCopy().put("conversationId", conversation);
        transaction
                .sql()
                .update(
                        "update message set conversation = ?, body = ?, place = ?, due = ?, expires = expires + ?"
                                + " where seq = ? and place = 6",
                        conversation,
                        body.toString(),
                        notBefore == null ? Queue.NEW : Queue.NOT_BEFORE,
                        notBefore == null ? Clock.steady() : notBefore.toEpochMilli(),
                        waiting.extension(),
                        waiting.seq);
    }

    private static void end(Transaction transaction, String id, String meaning) {
        transaction
                .sql()
                .list("select seq from message" + AWAITS + " order by position", row -> row.getLong(1), id)
                .forEach(seq -> end(transaction, seq, meaning));
    }

    private static void end(Transaction transaction, long seq, String meaning) {
        Finish.Current current = Finish.current(transaction, seq);
        if (current != null) {
            var failure = new Outcome.Failure(FailureClass.GONE, null, null, meaning, false);
            boolean unwanted = current.erase() || Batches.isCancelled(transaction, current.batch());
            Finish.write(
                    transaction,
                    current,
                    unwanted ? Outcome.DISCARDED : new Outcome(State.DEAD, 0, false, false, null, failure, null));
        }
    }
}
