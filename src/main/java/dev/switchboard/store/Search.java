package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** A search for messages, newest first. Values never become part of the SQL. */
public final class Search {

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Asks that a column has a value. */
    public Search is(String column, String value) {
        conditions.add(column + " = :" + column);
        values.put(column, value);
        return this;
    }

    /** Asks for messages that are dead or uncertain. */
    public Search deadOrUncertain() {
        conditions.add("state in ('dead', 'uncertain')");
        return this;
    }

    /** Asks for messages of a vendor, in all its accounts. */
    public Search vendor(String vendor) {
        conditions.add("lane >= :lowLane and lane < :highLane");
        values.put("lowLane", vendor + "/");
        values.put("highLane", vendor + "0");
        return this;
    }

    /** Asks for messages of the accounts of that name, of all vendors. */
    public Search account(String account) {
        conditions.add("lane like :account escape '!'");
        values.put("account", "%/" + account.replaceAll("[!%_]", "!$0"));
        return this;
    }

    /** Asks for messages accepted before one. */
    public Search after(long seq) {
        conditions.add("seq < :after");
        values.put("after", seq);
        return this;
    }

    /** Asks for messages accepted at or after a time, in milliseconds since 1970. */
    public Search from(long millis) {
        conditions.add("accepted_at >= :from");
        values.put("from", millis);
        return this;
    }

    /** Asks for messages accepted before a time, in milliseconds since 1970. */
    public Search to(long millis) {
        conditions.add("accepted_at < :to");
        values.put("to", millis);
        return this;
    }

    /** A message of a list, with the number to go on after. */
    public record Found(long seq, ObjectNode view) {}

    /** Returns the newest that match. */
    public List<Found> run(Store store, int limit) {
        return store.read(handle -> query(handle, limit)
                .map((row, context) -> new Found(row.getLong("seq"), View.withoutAttempts(row)))
                .list());
    }

    private Query query(Handle handle, int limit) {
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        Query query = handle.createQuery("select * from message" + where + " order by seq desc limit :limit")
                .bind("limit", limit);
        values.forEach(query::bind);
        return query;
    }
}
