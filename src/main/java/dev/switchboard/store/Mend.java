package dev.switchboard.store;

import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an operator does about messages that were not delivered. */
final class Mend {

    private static final long UNDONE_WITHIN = TimeUnit.HOURS.toMillis(24);
    private static final int MOST_LATER = 1_000;

    private Mend() {}

    /**
     * Sends a dead or uncertain message again.
     *
     * @return how many later messages of its conversation have gone out meanwhile
     */
    static int replay(Transaction transaction, String id, long lifetime) {
        Finish.Current message = require(transaction, id, "replayed", State.DEAD, State.UNCERTAIN);
        int later = laterSent(transaction, message, MOST_LATER);
        again(transaction, message, lifetime, null);
        return later;
    }

    /** Puts a message at the end of its conversation, with a lifetime and a schedule of its own. */
    static void again(Transaction transaction, Finish.Current message, long lifetime, @Nullable Long run) {
        transaction.wake(message.lane());
        Batches.reopened(transaction, message.batch(), message.state());
        done(transaction
                .sql()
                .update(
                        "update message set state = 'accepted', position = ?, due = ?, expires = ?, tries = 0,"
                                + " place = case when conversation is null and conversation_of is not null then ? else ? end,"
                                + " class = null, code = null, failure = null, maybe = 0, finished_at = null, run = ?"
                                + " where seq = ? and state = ?",
                        transaction.nextSeq(),
                        Clock.steady(),
                        Clock.now() + lifetime,
                        Queue.AWAITS,
                        Queue.NEW,
                        run,
                        message.seq(),
                        message.state().toString()));
        transaction
                .sql()
                .first(
                        "select conversation_of from message where seq = ? and place = 6",
                        row -> row.getString(1),
                        message.seq())
                .ifPresent(start -> Awaiting.joinOne(transaction, start));
    }

    /** Counts later messages of the same conversation that the vendor may have seen; the index of conversations finds them. */
    static int laterSent(Transaction transaction, Finish.Current message, int most) {
        String conversation = message.conversation();
        return conversation == null
                ? 0
                : transaction
                        .sql()
                        .list(
                                "select 1 from message where conversation = ? and seq > ? and lane || '' = ? and api || '' = ?"
                                        + " and state || '' in ('sending', 'delivered', 'uncertain') limit ?",
                                row -> 1,
                                conversation,
                                message.seq(),
                                message.lane(),
                                message.api(),
                                most)
                        .size();
    }

    /** Keeps an edited message in the place of a dead or uncertain one, which is locked from then on. */
    static Accepted edit(Transaction transaction, String id, Incoming edited, Arrivals arrivals) {
        Finish.Current message = require(transaction, id, "edited and replayed", State.DEAD, State.UNCERTAIN);
        String replacement = edited.message().id();
        Accepted accepted =
                Intake.accept(transaction, List.of(edited), arrivals).get(0);
        if (accepted.kind() != Accepted.Kind.NEW) {
            throw Refused.because(409, "A message with the id " + replacement + " is there already.");
        }
        transaction.sql().update("update message set replaces = ? where id = ?", id, replacement);
        Batches.moved(transaction, message.batch(), message.state(), State.REPLACED);
        done(transaction
                .sql()
                .update(
                        "update message set state = 'replaced', replaced_by = ? where seq = ? and state = ?",
                        replacement,
                        message.seq(),
                        message.state().toString()));
        Awaiting.settle(transaction, id);
        return accepted;
    }

    /** Takes a dead or uncertain message off the dead letters, for a reason. */
    static int discard(Transaction transaction, String id, String reason) {
        return discard(transaction, require(transaction, id, "discarded", State.DEAD, State.UNCERTAIN), reason);
    }

    static int discard(Transaction transaction, Finish.Current message, String reason) {
        Batches.moved(transaction, message.batch(), message.state(), State.DISCARDED);
        int discarded = done(transaction
                .sql()
                .update(
                        "update message set state = 'discarded', reason = ?, discarded_at = ?, discarded_from = state"
                                + " where seq = ? and state = ?",
                        reason,
                        Clock.now(),
                        message.seq(),
                        message.state().toString()));
        Awaiting.settle(transaction, message.id());
        return discarded;
    }

    /** Makes a message that an operator discarded within the last day what it was. */
    static int undiscard(Transaction transaction, String id) {
        Finish.Current message = require(transaction, id, "brought back", State.DISCARDED);
        State was = transaction
                .sql()
                .first(
                        "select discarded_from from message where seq = ? and discarded_at >= ?",
                        row -> State.of(row.getString(1)),
                        message.seq(),
                        Clock.now() - UNDONE_WITHIN)
                .orElseThrow(() -> Refused.because(
                        409, "Only what an operator discarded within the last 24 hours can be brought back."));
        Batches.moved(transaction, message.batch(), State.DISCARDED, was);
        return done(transaction
                .sql()
                .update(
                        "update message set state = ?, reason = null, discarded_at = null, discarded_from = null"
                                + " where seq = ? and state = 'discarded'",
                        was.toString(),
                        message.seq()));
    }

    /** Closes an uncertain message that somebody knows to have been delivered, and which conversation it has begun, if any. */
    static int resolve(Transaction transaction, String id, @Nullable String conversation) {
        Finish.Current message = require(transaction, id, "resolved", State.UNCERTAIN);
        transaction.wake(id);
        Batches.moved(transaction, message.batch(), State.UNCERTAIN, State.DELIVERED);
        int resolved = done(transaction
                .sql()
                .update(
                        "update message set state = 'delivered', finished_at = ?, conversation = coalesce(conversation, ?),"
                                + " result = coalesce(result, ?) where seq = ? and state = ?",
                        Clock.now(),
                        conversation,
                        conversation == null
                                ? null
                                : View.JSON
                                        .createObjectNode()
                                        .put("conversationId", conversation)
                                        .toString(),
                        message.seq(),
                        message.state().toString()));
        Awaiting.settle(transaction, id);
        return resolved;
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
        if (message.erased()) {
            throw Refused.because(
                    409, "What this message held has been erased; there is nothing left that could be " + done + ".");
        }
        return message;
    }
}
