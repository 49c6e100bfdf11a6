package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import java.util.List;
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
            @Nullable String replacedBy) {}

    private record Waiting(
            long seq, String lane, String body, @Nullable Long notBefore) {}

    /** Looks for those that have just come in, or are sent again, what became of the message that begins their conversation. */
    static void join(Transaction transaction, List<Message> messages) {
        messages.stream()
                .map(Message::conversationOf)
                .filter(start -> start != null)
                .distinct()
                .forEach(start -> joinOne(transaction, start));
    }

    static void joinOne(Transaction transaction, String start) {
        // another process may be about to end it: then this waits for that, or that one sees those who wait
        transaction.sql().update("update message set operation = operation where id = ?", start);
        settle(transaction, start);
    }

    /** Lets those go on that wait for a message, or ends them, where it has ended. */
    static void settle(Transaction transaction, String id) {
        if (!transaction.sql().any("select 1 from message" + AWAITS + " limit 1", id)) {
            return;
        }
        Start start = find(transaction, id);
        if (start == null) {
            end(transaction, id, "There is no message " + id + ", whose conversation it is for.");
        } else if (start.replacedBy != null) {
            transaction.sql().update("update message set conversation_of = ?" + AWAITS, start.replacedBy, id);
            settle(transaction, start.replacedBy);
        } else if (start.state == State.DELIVERED) {
            deliver(transaction, id, start);
        } else if (start.state.finished() && start.state != State.UNCERTAIN) {
            end(transaction, id, "The message " + id + ", whose conversation it is for, was not delivered.");
        }
    }

    private static @Nullable Start find(Transaction transaction, String id) {
        return transaction
                .sql()
                .first(
                        "select lane, state, conversation, replaced_by from message where id = ?",
                        row -> new Start(
                                row.getString(1), State.of(row.getString(2)), row.getString(3), row.getString(4)),
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
                        "select seq, lane, body, due from message" + AWAITS + " order by position",
                        row -> waiting(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)),
                        id)
                .forEach(each -> {
                    if (each.lane.equals(start.lane)) {
                        join(transaction, each, start.conversation);
                    } else {
                        end(transaction, each.seq, "The message " + id + " is of another lane, " + start.lane + ".");
                    }
                });
        transaction.wake(start.lane);
    }

    private static Waiting waiting(long seq, String lane, String body, long due) {
        boolean later = new Message((ObjectNode) View.json(body)).notBefore() != null;
        return new Waiting(seq, lane, body, later ? (Long) due : null);
    }

    /** From here on it is as one that came in with the conversation's id. */
    private static void join(Transaction transaction, Waiting waiting, String conversation) {
        ObjectNode body = (ObjectNode) View.json(waiting.body);
        body.put("conversationId", conversation);
        transaction
                .sql()
                .update(
                        "update message set conversation = ?, body = ?, place = ?, due = ? where seq = ?",
                        conversation,
                        body.toString(),
                        waiting.notBefore == null ? Queue.NEW : Queue.NOT_BEFORE,
                        waiting.notBefore == null ? (Long) Clock.steady() : waiting.notBefore,
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
            Finish.write(transaction, current, new Outcome(State.DEAD, 0, false, false, null, failure, null));
        }
    }
}
