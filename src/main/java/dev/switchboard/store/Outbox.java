package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What has to go out, row by row: written with what caused it, taken away when it is out. */
final class Outbox {

    private Outbox() {}

    /**
     * Something that has to go out.
     *
     * @param topic who sends it, such as {@code dead-letters:gone}
     * @param subject id of the message or batch that it is about
     * @param body the text to send
     * @param headers more about it
     * @param attempts how often it has been tried
     */
    record Row(long seq, String topic, String subject, String body, Map<String, String> headers, int attempts) {}

    static void add(Transaction transaction, String topic, String subject, String body, ObjectNode headers) {
        transaction
                .sql()
                .update(
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

    static ObjectNode headers(String... pairs) {
        ObjectNode headers = View.JSON.createObjectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    static List<Row> due(Handle handle, String topic, long now, int most) {
        return handle.createQuery(
                        "select seq, subject, body, headers, attempts from outbox where topic = :topic and aside = 0"
                                + " and due <= :now order by due, seq limit :most")
                .bind("topic", topic)
                .bind("now", now)
                .bind("most", most)
                .map((row, context) -> new Row(
                        row.getLong(1),
                        topic,
                        row.getString(2),
                        row.getString(3),
                        headers(row.getString(4)),
                        row.getInt(5)))
                .list();
    }

    private static Map<String, String> headers(String json) {
        var headers = new LinkedHashMap<String, String>();
        View.json(json)
                .properties()
                .forEach(field -> headers.put(field.getKey(), field.getValue().asText()));
        return headers;
    }

    /** Makes due what has not been tried and would be due later only because somebody has set the clock since. */
    static void dueByNow(Handle handle, String topic) {
        handle.createUpdate(
                        "update outbox set due = :now where topic = :topic and aside = 0 and attempts = 0 and due > :now")
                .bind("now", Clock.steady())
                .bind("topic", topic)
                .execute();
    }

    static long nextDue(Handle handle, String topic) {
        return handle.createQuery("select due from outbox where topic = :topic and aside = 0 order by due limit 1")
                .bind("topic", topic)
                .mapTo(Long.class)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    static void done(Handle handle, long seq) {
        handle.createUpdate("delete from outbox where seq = :seq")
                .bind("seq", seq)
                .execute();
    }

    static void failed(Handle handle, long seq, String error, long due, boolean aside) {
        handle.createUpdate(
                        "update outbox set attempts = attempts + 1, due = :due, aside = :aside, error = :error where seq = :seq")
                .bind("seq", seq)
                .bind("due", due)
                .bind("aside", aside ? 1 : 0)
                .bind("error", error)
                .execute();
    }
}
