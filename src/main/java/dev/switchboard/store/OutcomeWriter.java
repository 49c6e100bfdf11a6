package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.outbox.Outbox;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the outcome of messages, together with what has to go out because of it. */
final class OutcomeWriter {

    /** A message that was done so long after its acceptance is not found by its number when it is old. */
    static final long LATE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private static final String OF_IT = " where lane = ? and seq = ? and attempts = ? and epoch = ? and ";
    private static final String SENDING = OF_IT + Stage.SENDING.is();
    private static final String NOT_SENDING = OF_IT + Stage.SENDING.isNot();
    private static final String TAKE_OUT = "delete from work";
    private static final String TAKE_OUT_MANY = TAKE_OUT
            + " where seq in (?*) and lane = ? and attempts = ? and epoch = ? and " + Stage.SENDING.is()
            + " and erase = 0 returning seq";
    private static final String WAIT = "update work set " + Stage.READY.set()
            + ", waits = ?, due = ?, tries = tries + ?, uncertain = ?, class = ?, code = ?, failure = ?";
    private static final String PUT_OFF =
            "update work set " + Stage.READY.set() + ", waits = ?, due = ?, attempts = attempts - 1";
    private static final String OUTCOME =
            "insert into outcome (seq, lane, state, class, code, failure, dead_letter, maybe, result, batch,"
                    + " finished_at, late, attempts, started_at, ended_at, disposition, http_status, answer_code,"
                    + " answer_message, request, answer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " ?, ?)";
    private static final String ATTEMPT =
            "insert into attempt (seq, number, started_at, ended_at, disposition, http_status, answer_code,"
                    + " answer_message, request, answer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Writes the outcomes of attempts; does nothing where a message is no longer in that attempt. */
    static final Writer.Joint<Ended, Boolean> ATTEMPTED = OutcomeWriter::attempted;

    private OutcomeWriter() {}

    /** An attempt that has ended, how, and what is sent instead of its message, if anything. */
    record Ended(Claimed claimed, Outcome outcome, @Nullable Fallback fallback) {
        private record Attempt(String lane, int number, long epoch) {}

        Attempt attempt() {
            return new Attempt(claimed.message().lane(), claimed.attempt(), claimed.epoch());
        }
    }

    /** A message that has no row of work any more. */
    private record Done(
            Work work, Outcome outcome, @Nullable Fallback fallback) {}

    /**
     * Finished messages leave their work together. All that is needed was known when they were claimed, but whether someone has asked
     * meanwhile to erase one: that one is looked at again, as are those that are not finished.
     */
    private static List<Boolean> attempted(Transaction transaction, List<Ended> ended) {
        Map<Ended.Attempt, List<Ended>> finished = ended.stream()
                .filter(each -> each.outcome.state().finished() && each.claimed.rest() != null)
                .collect(Collectors.groupingBy(Ended::attempt));
        var done = new HashMap<Long, Done>();
        finished.forEach((attempt, those) -> done.putAll(takeOut(transaction, attempt, those)));
        finished(transaction, List.copyOf(done.values()));
        return ended.stream()
                .map(each -> done.remove(each.claimed.seq()) != null || attempted(transaction, each))
                .toList();
    }

    private static Map<Long, Done> takeOut(Transaction transaction, Ended.Attempt attempt, List<Ended> ended) {
        Set<Long> taken = new HashSet<>(transaction
                .sql()
                .listIn(
                        TAKE_OUT_MANY,
                        Row::number,
                        ended.stream().map(each -> each.claimed.seq()).toList(),
                        attempt.lane,
                        attempt.number,
                        attempt.epoch));
        return ended.stream()
                .filter(each -> taken.remove(each.claimed.seq()))
                .collect(Collectors.toMap(
                        each -> each.claimed.seq(),
                        each -> new Done(Work.of(each.claimed).orElseThrow(), each.outcome, each.fallback)));
    }

    private static boolean attempted(Transaction transaction, Ended ended) {
        Claimed claimed = ended.claimed;
        return Work.find(transaction.sql(), claimed.message().lane(), claimed.seq())
                .filter(work -> work.stage() == Stage.SENDING
                        && work.attempts() == claimed.attempt()
                        && work.epoch() == claimed.epoch())
                .filter(work -> write(transaction, work, ended.outcome, ended.fallback))
                .isPresent();
    }

    /** Writes an outcome; does nothing where the message has left its stage and attempt meanwhile. */
    static boolean write(Transaction transaction, Work work, Outcome outcome) {
        return write(transaction, work, outcome, null);
    }

    private static boolean write(Transaction transaction, Work work, Outcome outcome, @Nullable Fallback fallback) {
        Outcome last = work.erase() ? outcome.ended() : outcome;
        String where = work.stage() == Stage.SENDING ? SENDING : NOT_SENDING;
        return last.state().finished()
                ? finish(transaction, new Done(work, last, fallback), where)
                : wait(transaction, work, last, where);
    }

    /** No attempt was made: the claim counted one. */
    private static boolean putOff(Transaction transaction, Work work, Outcome outcome, String where) {
        int changed = transaction.update(
                PUT_OFF + where,
                String.valueOf(outcome.waits()),
                Clock.steady() + outcome.delay(),
                work.lane(),
                work.seq(),
                work.attempts(),
                work.epoch());
        return changed > 0;
    }

    private static boolean wait(Transaction transaction, Work work, Outcome outcome, String where) {
        if (outcome.waits() != null && outcome.waits().isOpening()) {
            return putOff(transaction, work, outcome, where);
        }
        Outcome.Failure failure = outcome.failure();
        int changed = transaction.update(
                WAIT + where,
                String.valueOf(outcome.waits()),
                Clock.steady() + outcome.delay(),
                outcome.counted() ? 1 : 0,
                outcome.uncertain() ? 1 : 0,
                failure == null ? null : failure.failureClass().toString(),
                failure == null ? null : failure.code(),
                failure == null ? null : failure.json(work.api()).toString(),
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

    private static boolean finish(Transaction transaction, Done done, String where) {
        Work work = done.work;
        int changed = transaction.update(TAKE_OUT + where, work.lane(), work.seq(), work.attempts(), work.epoch());
        if (changed > 0) {
            finished(transaction, List.of(done));
        }
        return changed > 0;
    }

    private static void finished(Transaction transaction, List<Done> done) {
        transaction.sql().insert(OUTCOME, done.stream().map(OutcomeWriter::row).toList());
        done.forEach(each -> join(transaction, each.work, each.outcome));
        advance(transaction, done.stream().map(Done::work).toList());
        Awaiting.settle(transaction, done.stream().map(each -> each.work.id()).toList());
        done.stream()
                .filter(each -> each.fallback != null)
                .forEach(each -> Objects.requireNonNull(each.fallback).accept(transaction, each.work.seq()));
        done.forEach(each -> publish(transaction, each.work, each.outcome));
        done.forEach(each -> count(transaction, each.work, each.outcome));
    }

    private static void join(Transaction transaction, Work work, Outcome outcome) {
        String begun = outcome.conversation();
        if (begun != null && work.conversation() == null) {
            transaction.update("update message set conversation = ? where seq = ?", begun, work.seq());
        }
        if (work.erase()) {
            Erasure.onRequest(transaction, work.seq(), outcome.state());
        }
    }

    private record Order(String lane, String api) {}

    private static void advance(Transaction transaction, List<Work> done) {
        var conversations = new LinkedHashMap<Order, List<String>>();
        for (Work work : done) {
            String conversation = work.conversation();
            if (conversation != null) {
                conversations
                        .computeIfAbsent(new Order(work.lane(), work.api()), any -> new ArrayList<>())
                        .add(conversation);
            }
        }
        conversations.forEach((order, those) -> Queue.advance(transaction, order.lane, order.api, those));
    }

    private static void count(Transaction transaction, Work work, Outcome outcome) {
        BatchCounts.moved(transaction, work.batch(), work.state(), outcome.state());
        if (work.erase() && Filter.FAILED.contains(outcome.state())) {
            Finished.find(transaction.sql(), work.seq()).ifPresent(message -> Erasure.giveUp(transaction, message));
        }
        transaction.wake(work.id());
        if (work.run() != null) {
            Replays.ended(transaction, work.run(), outcome.state());
        }
        News.add(transaction, listener -> listener.finished(work.lane(), outcome));
    }

    private static @Nullable Object[] row(Done done) {
        Work work = done.work;
        Outcome outcome = done.outcome;
        Outcome.Tried tried = outcome.attempt();
        long now = Clock.now();
        Outcome.Failure failure = outcome.failure();
        boolean maybe = failure != null && (failure.mayHaveBeenSent() || outcome.state() == State.UNCERTAIN);
        boolean late = Math.abs(now - Clock.time(work.seq())) >= LATE_MILLIS;
        return new @Nullable Object[] {
            work.seq(),
            work.lane(),
            outcome.state().toString(),
            failure == null ? null : failure.failureClass().toString(),
            failure == null ? null : failure.code(),
            failure == null ? null : failure.json(work.api()).toString(),
            failure == null ? null : failure.deadLetter(),
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
            tried == null ? null : tried.answer()
        };
    }

    /** A reply shows the dead-letter route: where the error handlers have not chosen one yet, it goes out once they have. */
    private static void publish(Transaction transaction, Work work, Outcome outcome) {
        boolean dead = Filter.FAILED.contains(outcome.state());
        if (!dead && work.replyTo() == null) {
            return;
        }
        ObjectNode view = View.find(transaction.sql(), work.id()).orElseThrow();
        if (dead && outcome.failure() != null) {
            Outbox.deadLetter(
                    transaction, work.id(), work.lane(), outcome.failure().deadLetter(), view);
        }
        boolean undecided =
                dead && outcome.failure() != null && outcome.failure().deadLetter() == null;
        if (work.replyTo() != null && !undecided) {
            Outbox.reply(transaction, work.id(), work.replyTo(), work.correlation(), view);
        }
    }

    /** Discards messages that no one is sending. */
    static void discard(Transaction transaction, List<Work> unwanted) {
        unwanted.forEach(work -> write(transaction, work, Outcome.DISCARDED));
    }
}
