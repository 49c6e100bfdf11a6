package dev.switchboard.outbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Wakeups;
import dev.switchboard.database.Writer;
import dev.switchboard.message.Json;
import dev.switchboard.ownership.Owners;
import dev.switchboard.ownership.Ownership;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What has to go out, row by row: written with what caused it, taken away when it is out. */
public final class Outbox {

    private final Database database;
    private final Writer writer;
    private final Owners owners;
    private final Wakeups wakeups;

    public Outbox(Database database, Writer writer, Owners owners, Wakeups wakeups) {
        this.database = database;
        this.writer = writer;
        this.owners = owners;
        this.wakeups = wakeups;
    }

    /**
     * Something that has to go out.
     *
     * @param topic who sends it, such as {@code dead-letters:gone}
     * @param subject id of the message or batch that it is about
     * @param body the text to send
     * @param headers more about it
     * @param attempts how often it has been tried
     */
    public record Entry(
            long seq, String topic, String subject, String body, Map<String, String> headers, int attempts) {}

    public static void add(Transaction transaction, String topic, String subject, String body, ObjectNode headers) {
        transaction.update(
                "insert into outbox (seq, topic, subject, body, headers, due, attempts, aside)"
                        + " values (?, ?, ?, ?, ?, ?, 0, 0)",
                transaction.nextSeq(),
                topic,
                subject,
                body,
                headers.toString(),
                Clock.steady());
        transaction.wake(topic);
    }

    /** Adds a message that failed for its dead-letter route, or for the error handlers where they have not chosen one yet. */
    public static void deadLetter(
            Transaction transaction, String id, String lane, @Nullable String route, ObjectNode view) {
        if (route == null) {
            add(transaction, "outbox:failures", id, "", headers());
        } else {
            String vendor = lane.substring(0, lane.indexOf('/'));
            add(transaction, "dead-letters:" + route, id, view.toString(), headers("vendor", vendor, "messageId", id));
        }
    }

    /** Adds the view of a message for the queue that asked for it. */
    public static void reply(
            Transaction transaction, String id, String replyTo, @Nullable String correlation, ObjectNode view) {
        ObjectNode headers = headers("replyTo", replyTo, "correlationId", correlation == null ? "" : correlation);
        add(transaction, "outbox:replies", id, view.toString(), headers);
    }

    public static ObjectNode headers(String... pairs) {
        ObjectNode headers = Json.object();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    private static Map<String, String> headers(String json) {
        var headers = new LinkedHashMap<String, String>();
        Json.parse(json)
                .properties()
                .forEach(field -> headers.put(field.getKey(), field.getValue().asText()));
        return headers;
    }

    /**
     * Writes an event that an operator wants to hear of; it goes out at least once.
     *
     * @param subject whose it is
     */
    public CompletableFuture<?> publish(String subject, ObjectNode event) {
        return writer.dispatch(transaction -> {
            Events.publish(transaction, subject, event);
            return transaction;
        });
    }

    /**
     * Makes this process the one that sends what a topic holds, unless another process is. What has not been tried, and would be
     * due later only because someone has set the clock since, is due then.
     */
    public CompletableFuture<Boolean> own(String topic) {
        return owners.owns(topic) || !owners.mayTake(topic)
                ? CompletableFuture.completedFuture(owners.owns(topic))
                : writer.dispatch(transaction -> {
                    Ownership taken = owners.take(transaction, topic);
                    if (taken == Ownership.ANEW) {
                        long now = Clock.steady();
                        transaction.update(
                                "update outbox set due = ? where topic = ? and aside = 0 and attempts = 0"
                                        + " and due > ?",
                                now,
                                topic,
                                now);
                    }
                    return taken != Ownership.ELSEWHERE;
                });
    }

    /** Returns whether this process sends what a topic holds. */
    public boolean owns(String topic) {
        return owners.owns(topic);
    }

    /** Calls a task whenever there may be something of a topic to send, until what is returned is closed. */
    public AutoCloseable onWork(String topic, Runnable task) {
        return wakeups.add(topic, task);
    }

    /** Returns entries that are due. */
    public List<Entry> due(String topic, int most) {
        return database.read(sql -> sql.list(
                "select seq, subject, body, headers, attempts from outbox where topic = ? and aside = 0 and due <= ?"
                        + " order by due, seq limit ?",
                row -> new Entry(row.number(), topic, row.text(), row.text(), headers(row.text()), row.count()),
                topic,
                Clock.steady(),
                most));
    }

    /** Returns how many milliseconds it is until the next entry is due; the greatest number where there is not one. */
    public long untilDue(String topic) {
        return database.read(sql -> sql.first(
                        "select due from outbox where topic = ? and aside = 0 order by due limit 1",
                        row -> row.number() - Clock.steady(),
                        topic)
                .orElse(Long.MAX_VALUE));
    }

    /** Takes away what has gone out. */
    public CompletableFuture<?> done(long seq) {
        return writer.dispatch(transaction -> transaction.update("delete from outbox where seq = ?", seq));
    }

    /**
     * Notes that an entry could not go out.
     *
     * @param delay in how many milliseconds it is tried again
     * @param aside whether it is given up, and shown to people
     */
    public CompletableFuture<?> failed(long seq, String error, long delay, boolean aside) {
        return writer.dispatch(transaction -> transaction.update(
                "update outbox set attempts = attempts + 1, due = ?, aside = ?, error = ? where seq = ?",
                Clock.steady() + delay,
                aside ? 1 : 0,
                error,
                seq));
    }
}
