package dev.switchboard.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Dead letters by their causes. */
final class DeadLetters {

    private static final String GROUPS =
            "select lane, class, code, count(*), min(finished_at), max(finished_at), sum(maybe), max(seq)"
                    + " from message where class is not null";
    private static final String BY_CAUSE = " group by lane, class, code order by count(*) desc, lane, class, code";

    private DeadLetters() {}

    /** Counts dead letters of each cause, most first; the index of failures has all that it takes. */
    static List<Group> groups(Handle handle, Filter filter) {
        return grouping(handle, filter)
                .query(handle, "")
                .map((row, context) -> new Group(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        example(handle, row.getLong(8))))
                .list();
    }

    static Search.Numbers grouping(Handle handle, Filter filter) {
        Conditions conditions = new Search(handle, filter).ofFailures(new Conditions());
        return new Search.Numbers(GROUPS + conditions.sql() + BY_CAUSE, conditions);
    }

    private static Group.Example example(Handle handle, long seq) {
        return handle.createQuery("select id, failure from message where seq = :seq")
                .bind("seq", seq)
                .map((row, context) -> new Group.Example(
                        row.getString(1),
                        View.json(row.getString(2)).path("meaning").asText(null),
                        View.json(row.getString(2)).path("message").asText(null)))
                .one();
    }
}
