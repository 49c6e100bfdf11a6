package dev.switchboard.store;

import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator does about messages that were not delivered. */
final class Mend {

    private Mend() {}

    /** Sends a dead or uncertain message again: it goes to the end of its conversation, with a lifetime and a schedule of its own. */
    static int replay(Transaction transaction, String id, long lifetime) {
        Finish.Current message = require(transaction, id, "replayed", State.DEAD, State.UNCERTAIN);
        transaction.wake(message.lane());
        Batches.reopened(transaction, message.batch(), message.state());
        return done(transaction
                .handle()
                .createUpdate("update message set state = 'accepted', place = :place, position = :position, due = :due,"
                        + " expires = :expires, tries = 0, class = null, code = null, failure = null, finished_at = null"
                        + " where seq = :seq and state = :from")
                .bind("place", Queue.NEW)
                .bind("position", transaction.nextSeq())
                .bind("due", Clock.steady())
                .bind("expires", Clock.now() + lifetime)
                .bind("seq", message.seq())
                .bind("from", message.state().toString())
                .execute());
    }

    /** Closes an uncertain message that somebody knows to have been delivered. */
    static int resolve(Transaction transaction, String id) {
        Finish.Current message = require(transaction, id, "resolved", State.UNCERTAIN);
        transaction.wake(id);
        Batches.moved(transaction, message.batch(), State.UNCERTAIN, State.DELIVERED);
        return done(transaction
                .handle()
                .createUpdate(
                        "update message set state = 'delivered', finished_at = :now where seq = :seq and state = :from")
                .bind("now", Clock.now())
                .bind("seq", message.seq())
                .bind("from", message.state().toString())
                .execute());
    }

    /** Another process may have been quicker. */
    private static int done(int changed) {
        if (changed == 0) {
            throw Refused.because(409, "The message has changed meanwhile.");
        }
        return changed;
    }

    private static Finish.Current require(Transaction transaction, String id, String done, State... allowed) {
        Finish.Current message = transaction
                .sql()
                .first("select seq from message where id = ?", row -> row.getLong(1), id)
                .map(seq -> Finish.current(transaction, seq))
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
        return check(message, done, List.of(allowed));
    }

    private static Finish.Current check(Finish.@Nullable Current message, String done, List<State> allowed) {
        if (message == null || !allowed.contains(message.state())) {
            throw Refused.because(
                    409,
                    "Only a message that is " + allowed.get(0) + (allowed.size() > 1 ? " or " + allowed.get(1) : "")
                            + " can be " + done + (message == null ? "." : "; this one is " + message.state() + "."));
        }
        return message;
    }
}
