package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.MessageId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes and reads batches. A batch's counts and its checkpoint are committed with the messages that they count. */
final class Batches {

    private static final List<String> STATES = List.of("delivered", "dead", "uncertain", "waiting", "discarded");

    private Batches() {}

    /** Finds the batch of a file that has not been put away, or begins one. */
    static Batch begin(Transaction transaction, String name, String path) {
        return find(transaction.handle(), "path = :value", path).orElseGet(() -> insert(transaction, name, path));
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

    static List<Batch> list(Handle handle, @Nullable String name, int most) {
        return handle.createQuery("select * from batch" + (name == null ? "" : " where name = :name")
                        + " order by seq desc limit :most")
                .bind("name", name)
                .bind("most", most)
                .map((row, context) -> batch(row))
                .list();
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

    /** Returns how many records of a batch's file have been read. */
    static long records(Handle handle, String batch) {
        return handle.createQuery("select records from batch where id = :id")
                .bind("id", batch)
                .mapTo(Long.class)
                .one();
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

    /** Notes that the file of a batch has been put away: another of its name is another batch. */
    static void putAway(Handle handle, String batch) {
        handle.createUpdate("update batch set path = '' where id = :id")
                .bind("id", batch)
                .execute();
    }

    /** Lists the batches whose files have not been put away, as far as is known. */
    static List<Batch> notPutAway(Handle handle) {
        return handle.createQuery("select * from batch where path > ''")
                .map((row, context) -> batch(row))
                .list();
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

    /** Counts a message of a batch that is to be sent again; the results are written anew when it is finished. */
    static void reopened(Transaction transaction, @Nullable String batch) {
        if (batch != null) {
            transaction
                    .handle()
                    .createUpdate("update batch set unfinished = unfinished + 1, finished_at = null,"
                            + " state = case when state = 'finished' then 'sending' else state end where id = :id")
                    .bind("id", batch)
                    .execute();
        }
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
        STATES.forEach(state -> view.put(state, 0));
        handle.createQuery("select state, count(*) from message where batch = :batch group by state")
                .bind("batch", batch.id())
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(count -> {
                    if (STATES.contains(count.getKey())) {
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

    /** Goes through a batch's records line by line, those that are no message of its own among them. */
    static void eachLine(Handle handle, String batch, Consumer<BatchLine> use) {
        String columns = " m.class, m.code, m.failure, m.result, m.attempts, m.finished_at";
        handle.createQuery(
                        "select m.line as line, m.id as id, m.state as state, null as reason, null as first," + columns
                                + " from message m where m.batch = :batch"
                                + " union all select r.line, r.id, r.state, r.reason, m.state," + columns
                                + " from batch_row r left join message m on m.id = r.id and r.state = 'duplicate'"
                                + " where r.batch = :batch order by 1")
                .bind("batch", batch)
                .setFetchSize(500)
                .map((row, context) -> line(row))
                .useStream(lines -> lines.forEach(use));
    }

    private static BatchLine line(ResultSet row) throws SQLException {
        String first = row.getString("first");
        String reason = row.getString("reason");
        var failure = View.json(row.getString("failure"));
        String words = failure.path("message").asText(failure.path("meaning").asText(null));
        long finished = row.getLong("finished_at");
        boolean unfinished = row.wasNull();
        return new BatchLine(
                row.getLong("line"),
                row.getString("id"),
                first == null ? row.getString("state") : row.getString("state") + ":" + first,
                row.getString("state").equals("invalid") ? "invalid" : row.getString("class"),
                row.getString("code"),
                reason == null ? words : reason,
                row.getString("result"),
                row.getInt("attempts"),
                unfinished ? null : Instant.ofEpochMilli(finished).toString());
    }
}
