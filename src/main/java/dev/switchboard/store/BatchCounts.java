package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Json;
import dev.switchboard.message.State;
import dev.switchboard.outbox.Events;
import dev.switchboard.outbox.Outbox;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the counts of batches: they are written once a commit, however many messages of a batch have moved in it. */
final class BatchCounts {

    private final Map<String, Map<State, Long>> moved = new TreeMap<>();

    private BatchCounts() {}

    /** Notes that a message of a batch has gone from one state to another. */
    static void moved(Transaction transaction, @Nullable String batch, State from, State to) {
        if (batch != null) {
            Map<State, Long> counts = transaction
                    .part(BatchCounts.class, BatchCounts::new)
                    .moved
                    .computeIfAbsent(batch, any -> new EnumMap<>(State.class));
            counts.merge(from, -1L, Long::sum);
            counts.merge(to, 1L, Long::sum);
        }
    }

    /** A message of a batch is to be sent again: the batch goes on. */
    static void reopened(Transaction transaction, @Nullable String batch, State from) {
        if (batch != null) {
            moved(transaction, batch, from, State.ACCEPTED);
            transaction.update(
                    "update batch set finished_at = null, state = 'sending' where id = ?"
                            + " and (state = 'finished' or state = 'cancelled' and unfinished = 0)",
                    batch);
        }
    }

    /** Writes what has been counted in a commit, and ends those batches that are done by it. */
    static void write(Transaction transaction) {
        transaction
                .part(BatchCounts.class)
                .ifPresent(all -> all.moved.forEach((batch, counts) -> {
                    transaction.update(
                            "update batch set unfinished = unfinished - ?, delivered = delivered + ?, dead = dead + ?,"
                                    + " uncertain = uncertain + ?, discarded = discarded + ? where id = ?",
                            sum(counts, State::finished),
                            counts.getOrDefault(State.DELIVERED, 0L),
                            counts.getOrDefault(State.DEAD, 0L),
                            counts.getOrDefault(State.UNCERTAIN, 0L),
                            sum(counts, state -> state == State.DISCARDED || state == State.REPLACED),
                            batch);
                    finishWhereDone(transaction, batch);
                }));
    }

    private static long sum(Map<State, Long> counts, Predicate<State> which) {
        return counts.entrySet().stream()
                .filter(count -> which.test(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The results are written when the last message is finished, and again whenever an outcome changes after that. */
    static void finishWhereDone(Transaction transaction, String id) {
        Batch batch = Batches.find(transaction.sql(), "id = ?", id).orElseThrow();
        if (batch.unfinished() > 0) {
            return;
        }
        if (batch.state().equals("sending")) {
            transaction.update("update batch set state = 'finished', finished_at = ? where id = ?", Clock.now(), id);
            Events.publish(transaction, id, event("batch-finished", batch));
        }
        if (!batch.state().equals("reading")) {
            publishResults(transaction, batch);
        }
    }

    static ObjectNode event(String name, Batch batch) {
        return Json.object()
                .put("event", name)
                .put("batch", batch.id())
                .put("name", batch.name())
                .put("at", Json.time(Clock.now()));
    }

    /** The process that has the folder writes them. */
    static void publishResults(Transaction transaction, Batch batch) {
        Outbox.add(transaction, "outbox:results/" + batch.origin().folder(), batch.id(), "{}", Outbox.headers());
    }
}
