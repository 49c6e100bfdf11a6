package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.DiskQuota;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.message.BatchLine;
import dev.switchboard.message.MessageId;
import dev.switchboard.outbox.Events;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dropped and uploaded files. A batch's counts and its checkpoint are committed with the messages that they count. */
public final class Batches {

    private static final String COLUMNS = "select id, name, path, folder, profile, sender, state, records, accepted,"
            + " duplicate, invalid, unfinished, delivered, dead, uncertain, discarded, paused, header, reason, started_at,"
            + " finished_at from batch where ";

    private final Database database;
    private final Writer writer;
    private final DiskQuota quota;
    private final Arrivals arrivals;
    private final Consumer<Transaction> wakeAll;

    Batches(Database database, Writer writer, DiskQuota quota, Arrivals arrivals, Consumer<Transaction> wakeAll) {
        this.database = database;
        this.writer = writer;
        this.quota = quota;
        this.arrivals = arrivals;
        this.wakeAll = wakeAll;
    }

    static Optional<Batch> find(Sql sql, String condition, String value) {
        return sql.first(COLUMNS + condition, Row.as(Batch.class), value);
    }

    /** Finds a batch by its id. */
    public Optional<Batch> find(String id) {
        return database.read(sql -> find(sql, "id = ?", id));
    }

    /** Lists the newest batches, all or those of a name, or that someone uploaded. */
    public List<Batch> list(@Nullable String name, @Nullable String sender, int most) {
        return database.read(sql -> new Query(COLUMNS + "1 = 1")
                .is("name", name)
                .is("sender", sender)
                .add(" order by seq desc limit ?", most)
                .list(sql, Row.as(Batch.class)));
    }

    /** Returns whether no earlier batch has the same name. */
    public boolean isFirstOfName(Batch batch) {
        return database.read(sql -> find(sql, "name = ? order by seq limit 1", batch.name()))
                .map(first -> first.id().equals(batch.id()))
                .orElse(true);
    }

    /** Lists the batches whose files have not been put away, as far as is known. */
    public List<Batch> notPutAway() {
        return database.read(sql -> sql.list(COLUMNS + "path > ''", Row.as(Batch.class)));
    }

    /** Finds the batch of a file that has not been put away, or begins one. */
    public CompletableFuture<Batch> begin(Batch.Origin origin) {
        return writer.intake(transaction ->
                find(transaction.sql(), "path = ?", origin.path()).orElseGet(() -> insert(transaction, origin)));
    }

    private static Batch insert(Transaction transaction, Batch.Origin origin) {
        String id = MessageId.next();
        transaction.update(
                "insert into batch (seq, id, name, path, folder, profile, state, started_at, sender)"
                        + " values (?, ?, ?, ?, ?, ?, 'reading', ?, ?)",
                transaction.nextSeq(),
                id,
                origin.name(),
                origin.path(),
                origin.folder(),
                origin.profile(),
                Clock.now(),
                origin.sender());
        return find(transaction.sql(), "id = ?", id).orElseThrow();
    }

    /** Keeps a chunk of a batch with its checkpoint and counts; a chunk that is there already is not counted again. */
    public CompletableFuture<?> accept(BatchChunk chunk) {
        String done = "select 1 from batch where id = ? and (records >= ? or state <> 'reading')";
        return quota.takeIn(() -> writer.intake(transaction -> {
            if (!transaction.sql().any(done, chunk.batch(), chunk.records())) {
                chunk.keep(transaction, arrivals);
            }
            return transaction;
        }));
    }

    private CompletableFuture<?> set(String batch, String assignment, @Nullable Object value) {
        return writer.intake(
                transaction -> transaction.update("update batch set " + assignment + " where id = ?", value, batch));
    }

    /** Notes how a batch's file is written. */
    public CompletableFuture<?> describe(String batch, String layout) {
        return set(batch, "header = ?", layout);
    }

    /** Notes why nothing of a batch is sent, before the rest of it is read. */
    public CompletableFuture<?> refuse(String batch, String reason) {
        return set(batch, "reason = ?", reason);
    }

    /** Notes that the file of a batch has been put away: another of its name is another batch. */
    public CompletableFuture<?> putAway(String batch) {
        return set(batch, "path = ?", "");
    }

    /** Ends the reading of a batch: it goes on until its last message is finished, or stops for a reason. */
    public CompletableFuture<?> end(String batch, @Nullable String reason) {
        return writer.intake(transaction -> {
            if (reason != null) {
                return stop(transaction, batch, reason, "'reading'");
            }
            transaction.update("update batch set state = 'sending' where id = ? and state = 'reading'", batch);
            BatchCounts.finishWhereDone(transaction, batch);
            return transaction;
        });
    }

    /** Stops a batch that was read to its end: its file was not whole. */
    public CompletableFuture<?> stop(String batch, String reason) {
        return writer.intake(transaction -> stop(transaction, batch, reason, "'sending', 'finished'"));
    }

    /** Stops a batch that is in one of some states, and tells of it. */
    private static Transaction stop(Transaction transaction, String id, String reason, String states) {
        int stopped = transaction.update(
                "update batch set state = 'stopped', reason = ? where id = ? and state in (" + states + ")",
                reason,
                id);
        Batch batch = find(transaction.sql(), "id = ?", id).orElseThrow();
        BatchCounts.publishResults(transaction, batch);
        if (stopped > 0) {
            ObjectNode event = BatchCounts.event("batch-stopped", batch).put("reason", reason);
            Events.publish(transaction, id, event);
            News.add(transaction, StoreListener::batchStopped);
        }
        return transaction;
    }

    /** Holds back the messages of a batch that are not being sent, or lets them go on; returns whether it is one that runs. */
    public CompletableFuture<Boolean> pause(String batch, boolean paused) {
        return writer.dispatch(transaction -> {
            wakeAll.accept(transaction);
            return transaction.update(
                            "update batch set paused = ? where id = ? and state in ('reading', 'sending')",
                            paused ? 1 : 0,
                            batch)
                    > 0;
        });
    }

    /** Cancels a batch: it is not read further, and lanes discard what was not sent; returns whether it was running. */
    public CompletableFuture<Boolean> cancel(String batch) {
        return writer.dispatch(transaction -> {
            wakeAll.accept(transaction);
            int cancelled = transaction.update(
                    "update batch set state = 'cancelled', paused = 0, reason = 'cancelled by an operator',"
                            + " finished_at = ? where id = ? and state in ('reading', 'sending')",
                    Clock.now(),
                    batch);
            if (cancelled > 0) {
                BatchCounts.finishWhereDone(transaction, batch);
            }
            return cancelled > 0;
        });
    }

    /** Returns whether a message's batch, if it has one, was cancelled. */
    static boolean isCancelled(Sql sql, @Nullable String batch) {
        return batch != null && sql.any("select 1 from batch where id = ? and state = 'cancelled'", batch);
    }

    /** Shows a batch as the contract's batch view. */
    public ObjectNode view(Batch batch) {
        return BatchView.of(batch, database.read(sql -> BatchView.waiting(sql, batch.id())));
    }

    /** Goes through a batch's records line by line, those that are no message of its own among them. */
    public void eachLine(String batch, Consumer<BatchLine> use) {
        database.stream(sql -> BatchLines.each(sql, batch, use));
    }

    /** Goes through the records of a batch that were rejected, line by line. */
    public void eachRejected(String batch, Consumer<Batch.Row> use) {
        database.stream(sql -> sql.each(
                "select line, state, id, reason, raw from batch_row where batch = ? and state = 'invalid' order by line",
                Row.as(Batch.Row.class),
                use,
                batch));
    }

    /** Goes through the views of a batch's messages, line by line. */
    public void eachResult(String batch, Consumer<ObjectNode> use) {
        database.stream(sql -> BatchLines.eachResult(sql, batch, use));
    }

    /** Returns whether a message of a batch brought more than an empty result. */
    public boolean hasResults(String batch) {
        return database.read(sql -> sql.any(
                "select 1 from message cross join outcome where message.batch = ? and outcome.seq = message.seq"
                        + " and result is not null and result <> '{}' limit 1",
                batch));
    }

    /** Returns whether every record of a batch is there still: none has been taken away because it was old. */
    public boolean hasLines(Batch batch) {
        return database.read(sql -> sql.number(
                        "select (select count(*) from message where batch = ?)"
                                + " + (select count(*) from batch_row where batch = ?)",
                        batch.id(),
                        batch.id()))
                >= batch.accepted() + batch.duplicate() + Math.min(batch.invalid(), Batch.MOST_INVALID);
    }

    /** Returns whether a batch has records that were rejected, and still holds them. */
    public boolean hasRejected(String batch) {
        return database.read(sql -> sql.any(
                "select 1 from batch_row where batch = ? and state = 'invalid' and raw is not null limit 1", batch));
    }
}
