package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Writes and reads batches. A batch's counts and its checkpoint are committed with the messages that they count. */
final class Batches {

    private static final int LINES_AT_ONCE = 500;

    private Batches() {}

    /** Finds the batch of a file that has not been put away, or begins one. */
    static Batch begin(Transaction transaction, Batch.Origin origin) {
        return find(transaction.handle(), "path = :value", origin.path()).orElseGet(() -> insert(transaction, origin));
    }

    private static Batch insert(Transaction transaction, Batch.Origin origin) {
        String id = MessageId.next();
        transaction
                .handle()
                .createUpdate(
                        "insert into batch (seq, id, name, path, folder, profile, state, records, accepted, duplicate, invalid, unfinished,"
                                + " started_at, sender) values (:seq, :id, :name, :path, :folder, :profile, 'reading', 0, 0, 0, 0, 0, :now,"
                                + " :sender)")
                .bind("seq", transaction.nextSeq())
                .bind("id", id)
                .bind("name", origin.name())
                .bind("path", origin.path())
                .bind("folder", origin.folder())
                .bind("profile", origin.profile())
                .bind("sender", origin.sender())
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

    static List<Batch> list(Handle handle, @Nullable String name, @Nullable String sender, int most) {
        Conditions conditions =
                new Conditions().value("most", most).is("name", name).is("sender", sender);
        return conditions
                .bind(handle.createQuery(
                        "select * from batch where 1 = 1" + conditions.sql() + " order by seq desc limit :most"))
                .map((row, context) -> batch(row))
                .list();
    }

    private static Batch batch(ResultSet row) throws SQLException {
        return new Batch(
                row.getString("id"),
                new Batch.Origin(
                        row.getString("name"),
                        row.getString("path"),
                        row.getString("folder"),
                        row.getString("profile"),
                        row.getString("sender")),
                row.getString("state"),
                row.getLong("records"),
                row.getLong("accepted"),
                row.getLong("duplicate"),
                row.getLong("invalid"),
                row.getLong("unfinished"),
                row.getLong("delivered"),
                row.getLong("dead"),
                row.getLong("uncertain"),
                row.getLong("discarded"),
                row.getInt("paused") == 1,
                row.getString("header"),
                row.getString("reason"),
                row.getLong("started_at"),
                row.getObject("finished_at") == null ? null : row.getLong("finished_at"));
    }

    /** Says whether so many records of a batch have been read, or need not be read any more. */
    static boolean hasRead(Handle handle, String batch, long records) {
        return handle.createQuery("select 1 from batch where id = :id and (records >= :records or state <> 'reading')")
                .bind("id", batch)
                .bind("records", records)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
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
        insertRows(transaction, batch, rows);
    }

    private static void insertRows(Transaction transaction, String batch, List<Batch.Row> rows) {
        transaction
                .sql()
                .insert(
                        "insert into batch_row (batch, line, state, id, reason, raw) values (?, ?, ?, ?, ?, ?)",
                        rows.stream()
                                .map(row -> new @Nullable Object[] {
                                    batch, row.line(), row.state(), row.id(), row.reason(), row.raw()
                                })
                                .toList());
    }

    /** Ends the reading of a batch: it goes on until its last message is finished, or stops for a reason. */
    static void end(Transaction transaction, String batch, @Nullable String reason) {
        if (reason != null) {
            stop(transaction, batch, reason, "'reading'");
            return;
        }
        transaction
                .handle()
                .createUpdate("update batch set state = 'sending' where id = :id and state = 'reading'")
                .bind("id", batch)
                .execute();
        finishWhereDone(transaction, batch);
    }

    /** Stops a batch that is in one of some states, and tells of it. */
    static void stop(Transaction transaction, String batch, String reason, String states) {
        int stopped = transaction
                .handle()
                .createUpdate("update batch set state = 'stopped', reason = :reason where id = :id and state in ("
                        + states + ")")
                .bind("reason", reason)
                .bind("id", batch)
                .execute();
        Batch found = find(transaction.handle(), "id = :value", batch).orElseThrow();
        publish(transaction, found);
        if (stopped > 0) {
            Events.publish(transaction, batch, event("batch-stopped", found).put("reason", reason));
            transaction.tell(StoreListener::batchStopped);
        }
    }

    /** Sets a column that is named by the program. */
    static int set(Handle handle, String batch, String column, String value) {
        return handle.createUpdate("update batch set " + column + " = :value where id = :id")
                .bind("value", value)
                .bind("id", batch)
                .execute();
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

    /** Notes that a message of a batch has gone from one state to another. */
    static void moved(Transaction transaction, @Nullable String batch, State from, State to) {
        if (batch != null) {
            transaction.count(batch, from, -1);
            transaction.count(batch, to, 1);
        }
    }

    /** Writes what has been counted in this commit, and ends those batches that are done by it. */
    static void count(Transaction transaction) {
        transaction.counts().forEach((batch, counts) -> {
            long finished = sum(counts, State::finished);
            transaction
                    .handle()
                    .createUpdate(
                            "update batch set unfinished = unfinished - :finished, delivered = delivered + :delivered,"
                                    + " dead = dead + :dead, uncertain = uncertain + :uncertain, discarded = discarded + :discarded"
                                    + " where id = :id")
                    .bind("finished", finished)
                    .bind("delivered", counts.getOrDefault(State.DELIVERED, 0L))
                    .bind("dead", counts.getOrDefault(State.DEAD, 0L))
                    .bind("uncertain", counts.getOrDefault(State.UNCERTAIN, 0L))
                    .bind("discarded", sum(counts, state -> state == State.DISCARDED || state == State.REPLACED))
                    .bind("id", batch)
                    .execute();
            finishWhereDone(transaction, batch);
        });
    }

    private static long sum(Map<State, Long> counts, Predicate<State> which) {
        return counts.entrySet().stream()
                .filter(count -> which.test(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The results are written when the last message is finished, and again whenever an outcome changes after that. */
    private static void finishWhereDone(Transaction transaction, String batch) {
        Batch counted = find(transaction.handle(), "id = :value", batch).orElseThrow();
        if (counted.unfinished() > 0) {
            return;
        }
        if (counted.state().equals("sending")) {
            transaction
                    .handle()
                    .createUpdate("update batch set state = 'finished', finished_at = :now where id = :id")
                    .bind("now", Clock.now())
                    .bind("id", batch)
                    .execute();
            Events.publish(transaction, batch, event("batch-finished", counted));
        }
        if (!counted.state().equals("reading")) {
            publish(transaction, counted);
        }
    }

    private static ObjectNode event(String name, Batch batch) {
        return View.JSON
                .createObjectNode()
                .put("event", name)
                .put("batch", batch.id())
                .put("name", batch.name())
                .put("at", Instant.ofEpochMilli(Clock.now()).toString());
    }

    /** The process that has the folder writes them. */
    private static void publish(Transaction transaction, Batch batch) {
        Outbox.add(transaction, "outbox:results/" + batch.origin().folder(), batch.id(), "{}", Outbox.headers());
    }

    /** A message of a batch is to be sent again: the batch goes on. */
    static void reopened(Transaction transaction, @Nullable String batch, State from) {
        if (batch != null) {
            moved(transaction, batch, from, State.ACCEPTED);
            transaction
                    .handle()
                    .createUpdate("update batch set finished_at = null, state = 'sending' where id = :id"
                            + " and (state = 'finished' or state = 'cancelled' and unfinished = 0)")
                    .bind("id", batch)
                    .execute();
        }
    }

    /** Holds back the messages of a batch, or lets them go on. */
    static int pause(Handle handle, String batch, boolean paused) {
        return handle.createUpdate(
                        "update batch set paused = :paused where id = :id and state in ('reading', 'sending')")
                .bind("paused", paused ? 1 : 0)
                .bind("id", batch)
                .execute();
    }

    /** Ends a batch: what of it has not been read is not read, and what has not been sent is discarded by the lanes. */
    static int cancel(Transaction transaction, String batch) {
        int cancelled = transaction
                .handle()
                .createUpdate("update batch set state = 'cancelled', paused = 0, reason = 'cancelled by an operator',"
                        + " finished_at = :now where id = :id and state in ('reading', 'sending')")
                .bind("now", Clock.now())
                .bind("id", batch)
                .execute();
        if (cancelled > 0) {
            finishWhereDone(transaction, batch);
        }
        return cancelled;
    }

    /** Lists the batches that are held back. */
    static Set<String> paused(Transaction transaction) {
        return Set.copyOf(transaction.sql().list("select id from batch where paused = 1", row -> row.getString(1)));
    }

    /** Lists the cancelled batches that have messages left. */
    static List<String> cancelled(Transaction transaction) {
        return transaction
                .sql()
                .list("select id from batch where state = 'cancelled' and unfinished > 0", row -> row.getString(1));
    }

    /** Says whether a message's batch, if it has one, was cancelled. */
    static boolean isCancelled(Transaction transaction, @Nullable String batch) {
        return batch != null
                && transaction.sql().any("select 1 from batch where id = ? and state = 'cancelled'", batch);
    }

    /** Says whether a cancelled batch has messages in a lane. */
    static boolean hasCancelled(Handle handle, String lane) {
        return handle.createQuery("select 1 from batch where state = 'cancelled' and unfinished > 0 and exists"
                        + " (select 1 from message where batch = batch.id and lane = :lane and place in (0, 1, 2, 3, 5, 6))"
                        + " limit 1")
                .bind("lane", lane)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Shows a batch as the contract's batch view. */
    static ObjectNode view(Handle handle, Batch batch) {
        ObjectNode view = View.JSON.createObjectNode();
        view.put("id", batch.id());
        view.put("name", batch.name());
        if (!batch.origin().profile().isEmpty()) {
            view.put("profile", batch.origin().profile());
        }
        if (batch.origin().sender() != null) {
            view.put("sender", batch.origin().sender());
        }
        view.put("state", batch.paused() ? "paused" : batch.state());
        view.put("read", batch.accepted() + batch.duplicate() + batch.invalid());
        view.put("accepted", batch.accepted());
        view.put("duplicate", batch.duplicate());
        view.put("invalid", batch.invalid());
        view.put("delivered", batch.delivered());
        view.put("dead", batch.dead());
        view.put("uncertain", batch.uncertain());
        view.put("waiting", waiting(handle, batch.id()));
        view.put("discarded", batch.discarded());
        progress(view, batch);
        return view;
    }

    private static long waiting(Handle handle, String batch) {
        return handle.createQuery("select count(*) from message where batch = :batch and state = 'waiting'")
                .bind("batch", batch)
                .mapTo(Long.class)
                .one();
    }

    /** Adds how fast messages have been finished so far, in messages a second, and when the last one would be if that goes on. */
    private static void progress(ObjectNode view, Batch batch) {
        view.put("startedAt", Instant.ofEpochMilli(batch.startedAt()).toString());
        long now = Clock.now();
        long until = batch.finishedAt() == null ? now : batch.finishedAt();
        long finished = batch.accepted() - batch.unfinished();
        double rate = finished * 1000.0 / Math.max(1, until - batch.startedAt());
        view.put("rate", Math.round(rate * 10) / 10.0);
        boolean ends = batch.state().equals("sending") && !batch.paused() && rate > 0;
        if (ends) {
            long left = Math.round(batch.unfinished() * 1000 / rate);
            view.put(
                    "estimatedEnd",
                    Instant.ofEpochMilli(now + left)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
        }
        if (batch.finishedAt() != null) {
            view.put("finishedAt", Instant.ofEpochMilli(batch.finishedAt()).toString());
        }
        if (batch.reason() != null) {
            view.put("reason", batch.reason());
        }
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

    /** Goes through the views of a batch's messages. Of many lines at once only the attempts are read: a result may be large. */
    static void eachResult(Handle handle, String batch, Consumer<ObjectNode> use) {
        long last = handle.createQuery("select max(line) from message where batch = :batch")
                .bind("batch", batch)
                .mapTo(Long.class)
                .findFirst()
                .orElse(-1L);
        for (long line = 0; line <= last; line += LINES_AT_ONCE) {
            Map<Long, ArrayNode> attempts = View.attempts(lines(
                    handle, "select attempt.* from message join attempt using (seq)", "line, number", batch, line));
            lines(handle, "select * from message", "line", batch, line)
                    .setFetchSize(20)
                    .map((row, context) -> View.whole(row, attempts))
                    .useStream(views -> views.forEach(use));
        }
    }

    private static Query lines(Handle handle, String select, String order, String batch, long from) {
        return handle.createQuery(select + " where batch = :batch and line >= :from and line < :to order by " + order)
                .bind("batch", batch)
                .bind("from", from)
                .bind("to", from + LINES_AT_ONCE);
    }

    static void eachRejected(Handle handle, String batch, Consumer<Batch.Row> use) {
        handle.createQuery(
                        "select line, state, id, reason, raw from batch_row where batch = :batch and state = 'invalid'"
                                + " order by line")
                .bind("batch", batch)
                .setFetchSize(500)
                .map((row, context) -> new Batch.Row(
                        row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)))
                .useStream(rows -> rows.forEach(use));
    }

    /**
     * Takes away what the records of an ended batch held that were rejected, or all of its records that are no messages; some of
     * one batch at a time.
     *
     * @param before how much had been taken away so far: 0 nothing, 1 what they held
     * @return how many records, or batches that have none
     */
    static int forget(Transaction transaction, int before, long until, int most) {
        Optional<String> batch = transaction.sql().first(endedSql(), row -> row.getString(1), before, until);
        if (batch.isEmpty()) {
            return 0;
        }
        transaction.erases();
        String some = "(select line from batch_row where batch = ?" + (before == 0 ? " and raw is not null" : "")
                + " limit ?)";
        int changed = transaction
                .sql()
                .update(
                        (before == 0 ? "update batch_row set raw = null" : "delete from batch_row")
                                + " where batch = ? and line in " + some,
                        batch.get(),
                        batch.get(),
                        most);
        if (changed < most) {
            transaction.sql().update("update batch set forgotten = ? where id = ?", before + 1, batch.get());
        }
        return Math.max(1, changed);
    }

    static String endedSql() {
        return "select id from batch where forgotten = ? and forgotten < 2 and state in ('finished', 'stopped', 'cancelled')"
                + " and coalesce(finished_at, started_at) <= ? order by coalesce(finished_at, started_at) limit 1";
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
