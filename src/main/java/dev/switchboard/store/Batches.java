package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.MessageId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes and reads batches. A batch's counts and its checkpoint are committed with the messages that they count. */
final class Batches {

    private Batches() {}

    /** Finds the batch that reads a file, or begins one. */
    static Batch begin(Transaction transaction, String name, String path) {
        return find(transaction.handle(), "path = :value and state = 'reading'", path)
                .orElseGet(() -> insert(transaction, name, path));
    }

    private static Batch insert(Transaction transaction, String name, String path) {
        String id = MessageId.next();
        transaction
                .handle()
                .createUpdate(
                        "insert into batch (seq, id, name, path, state, records, accepted, duplicate, invalid, unfinished,"
                                + " started_at) values (:seq, :id, :name, :path, 'reading', 0, 0, 0, 0, 0, :now)")
                .bind("seq", transaction.nextSeq())
                .bind("id", id)
                .bind("name", name)
                .bind("path", path)
                .bind("now", Clock.now())
                .execute();
        return find(transaction.handle(), "id = :value", id).orElseThrow();
    }

    static Optional<Batch> find(Handle handle, String where, String value) {
        return handle.createQuery("select * from batch where " + where)
                .bind("value", value)
                .map((row, context) -> batch(row))
                .findFirst();
    }

    private static Batch batch(ResultSet row) throws SQLException {
        return new Batch(
                row.getString("id"),
                row.getString("name"),
                row.getString("path"),
                row.getString("state"),
                row.getLong("records"),
                row.getLong("accepted"),
                row.getLong("duplicate"),
                row.getLong("invalid"),
                row.getLong("unfinished"));
    }

    /** Counts a chunk whose messages are written in the same commit. */
    static void read(Transaction transaction, String batch, long records, List<Batch.Row> rows, long accepted) {
        long invalid =
                rows.stream().filter(row -> row.state().equals("invalid")).count();
        transaction
                .handle()
                .createUpdate(
                        "update batch set records = :records, accepted = accepted + :accepted, unfinished = unfinished + :accepted,"
                                + " duplicate = duplicate + :duplicate, invalid = invalid + :invalid where id = :id")
                .bind("records", records)
                .bind("accepted", accepted)
                .bind("duplicate", rows.size() - invalid)
                .bind("invalid", invalid)
                .bind("id", batch)
                .execute();
        insertRows(transaction.handle(), batch, rows);
    }

    private static void insertRows(Handle handle, String batch, List<Batch.Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        PreparedBatch inserts = handle.prepareBatch("insert into batch_row (batch, line, state, id, reason, raw)"
                + " values (:batch, :line, :state, :id, :reason, :raw)");
        rows.forEach(row -> inserts.bind("batch", batch)
                .bind("line", row.line())
                .bind("state", row.state())
                .bind("id", row.id())
                .bind("reason", row.reason())
                .bind("raw", row.raw())
                .add());
        inserts.execute();
    }

    /** Ends the reading of a batch: it goes on until its last message is finished, or stops for a reason. */
    static void end(Transaction transaction, String batch, @Nullable String reason) {
        transaction
                .handle()
                .createUpdate("update batch set state = :state, reason = :reason where id = :id and state = 'reading'")
                .bind("state", reason == null ? "sending" : "stopped")
                .bind("reason", reason)
                .bind("id", batch)
                .execute();
        finishWhereDone(transaction, batch);
        if (reason != null) {
            Outbox.add(transaction, "outbox:results", batch, "{}", Outbox.headers());
        }
    }

    /** Counts a message of a batch that is finished. */
    static void finished(Transaction transaction, @Nullable String batch) {
        if (batch == null) {
            return;
        }
        transaction
                .handle()
                .createUpdate("update batch set unfinished = unfinished - 1 where id = :id")
                .bind("id", batch)
                .execute();
        finishWhereDone(transaction, batch);
    }

    private static void finishWhereDone(Transaction transaction, String batch) {
        int done = transaction
                .handle()
                .createUpdate("update batch set state = 'finished', finished_at = :now"
                        + " where id = :id and unfinished = 0 and state = 'sending'")
                .bind("now", Clock.now())
                .bind("id", batch)
                .execute();
        if (done > 0) {
            Outbox.add(transaction, "outbox:results", batch, "{}", Outbox.headers());
        }
    }

    /** Shows a batch as the contract's batch view. */
    static ObjectNode view(Handle handle, Batch batch) {
        ObjectNode view = View.JSON.createObjectNode();
        view.put("id", batch.id());
        view.put("name", batch.name());
        view.put("state", batch.state());
        view.put("read", batch.accepted() + batch.duplicate() + batch.invalid());
        view.put("accepted", batch.accepted());
        view.put("duplicate", batch.duplicate());
        view.put("invalid", batch.invalid());
        List.of("delivered", "dead", "uncertain", "waiting", "discarded").forEach(state -> view.put(state, 0));
        handle.createQuery("select state, count(*) from message where batch = :batch group by state")
                .bind("batch", batch.id())
                .map((row, context) -> java.util.Map.entry(row.getString(1), row.getLong(2)))
                .forEach(count -> {
                    if (view.has(count.getKey())) {
                        view.put(count.getKey(), count.getValue());
                    }
                });
        handle.createQuery("select reason, started_at, finished_at from batch where id = :id")
                .bind("id", batch.id())
                .map((row, context) -> {
                    view.put("reason", row.getString(1));
                    view.put("startedAt", Instant.ofEpochMilli(row.getLong(2)).toString());
                    long finished = row.getLong(3);
                    view.put(
                            "finishedAt",
                            row.wasNull()
                                    ? null
                                    : Instant.ofEpochMilli(finished).toString());
                    return view;
                })
                .findOne();
        view.properties().removeIf(field -> field.getValue().isNull());
        return view;
    }
}
