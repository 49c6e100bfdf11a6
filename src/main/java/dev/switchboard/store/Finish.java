package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes what became of messages, together with what has to go out because of it. */
final class Finish {

    private static final int EXPIRED_AT_ONCE = 500;

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

    /** Nobody has asked to erase it. */
    private static final String KEPT = " and erase = 0";

    private Finish() {}

    /** Where a message stands before its outcome is written. */
    record Current(
            long seq,
            String id,
            String lane,
            String api,
            @Nullable String conversation,
            State state,
            int attempts,
            long epoch,
            boolean ambiguous,
            @Nullable String batch,
            @Nullable String replyTo,
            @Nullable String correlation,
            @Nullable Long run,
            boolean erase,
            boolean erased) {

        private Current in(State other) {
            return new Current(
                    seq,
                    id,
                    lane,
                    api,
                    conversation,
                    other,
                    attempts,
                    epoch,
                    ambiguous,
                    batch,
                    replyTo,
                    correlation,
                    run,
                    erase,
                    erased);
        }
    }

    static @Nullable Current current(Transaction transaction, long seq) {
        return transaction
                .sql()
                .first(
                        "select id, lane, api, conversation, state, attempts, epoch, ambiguous, batch, reply_to, correlation, run,"
                                + " erase, erased_at is not null"
                                + " from message where seq = ?",
                        row -> new Current(
                                seq,
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                State.of(row.getString(5)),
                                row.getInt(6),
                                row.getLong(7),
                                row.getInt(8) == 1,
                                row.getString(9),
                                row.getString(10),
                                row.getString(11),
                                Statements.number(row, 12),
                                row.getInt(13) == 1,
                                row.getBoolean(14)),
                        seq)
                .orElse(null);
    }

    /**
     * Writes the outcome of an attempt; does nothing where the message is no longer in that attempt. All that is needed was known
     * when it was claimed, but whether somebody has asked meanwhile to erase it: then it is looked at again.
     */
    static void attempted(Transaction transaction, Claimed claimed, Outcome outcome) {
        Claimed.Rest rest = claimed.rest();
        if (rest != null && write(transaction, current(claimed, rest), outcome, KEPT)) {
            return;
        }
        Current current = current(transaction, claimed.seq());
        if (current != null
                && current.state == State.SENDING
                && current.attempts == claimed.attempt()
                && current.epoch == claimed.epoch()) {
            write(transaction, current, outcome);
        }
    }

    private static Current current(Claimed claimed, Claimed.Rest rest) {
        Message message = claimed.message();
        return new Current(
                claimed.seq(),
                message.id(),
                message.lane(),
                claimed.api(),
                message.conversationId(),
                State.SENDING,
                claimed.attempt(),
                claimed.epoch(),
                claimed.ambiguous(),
                rest.batch(),
                rest.replyTo(),
                rest.correlation(),
                rest.run(),
                false,
                false);
    }

    /** Does nothing where the message has left that state and attempt meanwhile. */
    static void write(Transaction transaction, Current current, Outcome given) {
        write(transaction, current, given, "");
    }

    /** Says whether the message was in that state and attempt, and what else is asked for held. */
    private static boolean write(Transaction transaction, Current current, Outcome given, String condition) {
        if (current.state.finished()) {
            return false; // with the message that it was waiting for, since somebody listed both
        }
        long now = Clock.now();
        Outcome outcome = current.erase ? given.ended() : given;
        if (update(transaction, current, outcome, now, condition) == 0) {
            return false;
        }
        if (outcome.attempt() != null) {
            record(transaction, current, outcome.attempt(), now);
        }
        boolean more = !outcome.state().finished();
        if (outcome.state().finished()) {
            if (current.erase) {
                erase(transaction, current, outcome.state());
            }
            more = Queue.advance(transaction, current.lane, current.api, current.conversation);
            Awaiting.settle(transaction, current.id);
            publish(transaction, current, outcome);
            Batches.moved(transaction, current.batch, current.state, outcome.state());
            if (current.erase) {
                Erasure.giveUp(transaction, current.in(outcome.state()));
            }
            transaction.wake(current.id);
            if (current.run != null) {
                transaction.ended(current.run, outcome.state());
            }
            transaction.tell(listener -> listener.finished(current.lane, outcome));
        }
        if (more) {
            transaction.wake(current.lane);
        }
        return true;
    }

    /** What goes out because of it is without what it held. */
    private static void erase(Transaction transaction, Current current, State state) {
        if (state == State.DISCARDED) {
            transaction
                    .sql()
                    .update(
                            "update message set reason = ?, discarded_at = ? where seq = ?",
                            Erasure.ON_REQUEST,
                            Clock.now(),
                            current.seq);
        }
        Erasure.of(transaction, List.of(current.seq));
    }

    private static int update(Transaction transaction, Current current, Outcome outcome, long now, String condition) {
        boolean finished = outcome.state().finished();
        Outcome.Failure failure = outcome.failure();
        return transaction
                .sql()
                .update(
                        "update message set state = ?, place = ?, due = ?, tries = tries + ?, ambiguous = ?, class = ?, code = ?,"
                                + " failure = ?, maybe = ?, result = ?, conversation = coalesce(conversation, ?),"
                                + " finished_at = ?, run = ?"
                                + " where seq = ? and state = ? and attempts = ? and epoch = ?" + condition,
                        outcome.state().toString(),
                        finished ? null : (Integer) Queue.HEAD,
                        Clock.steady() + outcome.delay(),
                        outcome.counted() ? 1 : 0,
                        outcome.ambiguous() ? 1 : 0,
                        failure == null ? null : failure.failureClass().toString(),
                        failure == null ? null : failure.code(),
                        failure == null
                                ? null
                                : View.failure(failure, current.api).toString(),
                        failure != null && (failure.mayHaveBeenSent() || outcome.state() == State.UNCERTAIN) ? 1 : 0,
                        outcome.result() == null ? null : outcome.result().toString(),
                        outcome.conversation(),
                        finished ? (Long) now : null,
                        finished ? null : current.run,
                        current.seq,
                        current.state.toString(),
                        current.attempts,
                        current.epoch);
    }

    private static void record(Transaction transaction, Current current, Outcome.Tried tried, long now) {
        transaction
                .sql()
                .update(
                        "insert into attempt (seq, number, started_at, ended_at, disposition, http_status, code, message,"
                                + " request, answer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        current.seq,
                        current.attempts,
                        tried.startedAt().toEpochMilli(),
                        now,
                        tried.disposition().toString(),
                        tried.httpStatus(),
                        tried.code(),
                        tried.message(),
                        tried.request(),
                        tried.answer());
    }

    private static void publish(Transaction transaction, Current current, Outcome outcome) {
        boolean dead = outcome.state() == State.DEAD || outcome.state() == State.UNCERTAIN;
        if (!dead && current.replyTo == null) {
            return;
        }
        String view = View.find(transaction.handle(), current.id).orElseThrow().toString();
        String vendor = current.lane.substring(0, current.lane.indexOf('/'));
        if (dead && outcome.failure() != null) {
            String topic = "dead-letters:" + outcome.failure().failureClass();
            Outbox.add(transaction, topic, current.id, view, Outbox.headers("vendor", vendor, "messageId", current.id));
        }
        if (current.replyTo != null) {
            String correlation = current.correlation == null ? "" : current.correlation;
            Outbox.add(
                    transaction,
                    "outbox:replies",
                    current.id,
                    view,
                    Outbox.headers("replyTo", current.replyTo, "correlationId", correlation));
        }
    }

    /** Takes up what a process left in the middle of an attempt: what may be repeated waits again, the rest is uncertain. */
    static void adopt(Transaction transaction, String lane, Predicate<String> mayRepeat, Outcome.Failure why) {
        transaction
                .handle()
                .createQuery(
                        "select seq, operation from message where lane = :lane and state = 'sending' and place is not null"
                                + " order by position")
                .bind("lane", lane)
                .map((row, context) -> Map.entry(row.getLong(1), row.getString(2)))
                .list()
                .forEach(left -> {
                    Current current = current(transaction, left.getKey());
                    if (current != null) {
                        boolean repeat = mayRepeat.test(left.getValue());
                        write(transaction, current, interrupted(repeat, why));
                    }
                });
    }

    /**
     * Ends what a backup had unfinished in a lane and may not be repeated: it may have gone out since. What came in after the
     * restore is none of it.
     */
    static void restored(Transaction transaction, String lane, Predicate<String> mayRepeat) {
        Optional<Long> last = transaction
                .sql()
                .first(
                        "select restored from lane where name = ? and restored is not null",
                        row -> row.getLong(1),
                        lane);
        last.ifPresent(until -> {
            transaction
                    .sql()
                    .list(
                            "select seq, operation from message where lane = ? and place is not null and seq <= ?"
                                    + " order by position",
                            row -> Map.entry(row.getLong(1), row.getString(2)),
                            lane,
                            until)
                    .stream()
                    .filter(left -> !mayRepeat.test(left.getValue()))
                    .map(left -> current(transaction, left.getKey()))
                    .filter(Objects::nonNull)
                    .forEach(left -> write(transaction, left, MAY_HAVE_GONE));
            transaction.sql().update("update lane set restored = null where name = ?", lane);
        });
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
     * Ends what has expired in the queue of a lane, heads and those behind. What the vendor was closed for keeps that cause.
     *
     * @return whether there may be more; the lane is woken for it then
     */
    static boolean expire(Transaction transaction, String lane) {
        List<Expired> some = transaction
                .sql()
                .list(
                        "select seq, failure from message where lane = ? and expires <= ? and place is not null"
                                + " and place <> 4 order by expires limit " + EXPIRED_AT_ONCE,
                        row -> new Expired(row.getLong(1), row.getString(2)),
                        lane,
                        Clock.now());
        some.forEach(expired -> {
            Current current = current(transaction, expired.seq);
            if (current != null) {
                write(
                        transaction,
                        current,
                        new Outcome(
                                State.DEAD, 0, false, current.ambiguous, null, expired.why(current.ambiguous), null));
            }
        });
        boolean more = some.size() == EXPIRED_AT_ONCE;
        if (more) {
            transaction.wake(lane);
        }
        return more;
    }

    /** Discards messages of a batch that nobody is sending; returns how many. */
    static int discard(Transaction transaction, String lane, String batch, int most) {
        List<Long> left = transaction
                .sql()
                .list(
                        "select seq from message where batch = ? and lane = ? and place in (0, 1, 2, 3, 5, 6) limit ?",
                        row -> row.getLong(1),
                        batch,
                        lane,
                        most);
        left.forEach(seq -> {
            Current current = current(transaction, seq);
            if (current != null) {
                write(transaction, current, Outcome.DISCARDED);
            }
        });
        return left.size();
    }

    static boolean hasExpired(Handle handle, String lane) {
        return handle.createQuery("select 1 from message where lane = :lane and expires <= :now and place is not null"
                        + " and place <> 4 limit 1")
                .bind("lane", lane)
                .bind("now", Clock.now())
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    private record Expired(long seq, @Nullable String failure) {
        private Outcome.Failure why(boolean ambiguous) {
            JsonNode known = View.json(failure);
            return known.isNull()
                    ? new Outcome.Failure(
                            FailureClass.EXPIRED, null, null, "It was not delivered before it expired.", ambiguous)
                    : new Outcome.Failure(
                            FailureClass.of(known.path("class").asText()),
                            known.path("code").asText(null),
                            known.path("message").asText(null),
                            known.path("meaning").asText(),
                            known.path("mayHaveBeenSent").asBoolean());
        }
    }
}
