package dev.switchboard.store;

import dev.switchboard.database.Json;
import dev.switchboard.database.Query;
import dev.switchboard.database.Sql;
import java.util.List;

/** Dead letters by their causes. */
final class DeadLetters {

    private static final String CAUSES = "select outcome.lane, outcome.class, outcome.code, count(*), min(finished_at),"
            + " max(finished_at), sum(maybe), max(outcome.seq) from outcome";
    private static final String BY_CAUSE =
            " group by outcome.lane, outcome.class, outcome.code order by count(*) desc, outcome.lane, outcome.class, outcome.code";

    private DeadLetters() {}

    /** Counts dead letters of each cause, most first; the index of failures has all that it takes. */
    static List<Group> groups(Sql sql, Filter filter) {
        return grouping(sql, filter)
                .list(
                        sql,
                        row -> new Group(
                                row.text(),
                                row.text(),
                                row.textOrNull(),
                                row.number(),
                                row.number(),
                                row.number(),
                                row.number(),
                                example(sql, row.number())));
    }

    static Query grouping(Sql sql, Filter filter) {
        return new Search(sql, filter).ofFailures(CAUSES).add(BY_CAUSE);
    }

    private static Group.Example example(Sql sql, long seq) {
        return sql.first(
                        "select id, failure from outcome join message on message.seq = outcome.seq where outcome.seq = ?",
                        row -> {
                            String id = row.text();
                            var failure = Json.parse(row.textOrNull());
                            return new Group.Example(
                                    id,
                                    failure.path("meaning").asText(null),
                                    failure.path("message").asText(null));
                        },
                        seq)
                .orElseThrow();
    }
}
