package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Group;
import dev.switchboard.message.Json;
import dev.switchboard.outbox.Outbox;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dead letters: where they go, and how many there are of each cause. */
final class DeadLetters {

    private static final String CAUSE = "outcome.lane, outcome.class, outcome.code, dead_letter";
    private static final String CAUSES = "select " + CAUSE
            + ", count(*), min(finished_at), max(finished_at), sum(" + Fallback.MAYBE
            + "), max(outcome.seq) from outcome";
    private static final String BY_CAUSE = " group by " + CAUSE + " order by count(*) desc, " + CAUSE;

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
                        "select id, failure from outcome join message on message.seq = outcome.seq where outcome.seq ="
                                + " ?",
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

    private record Undecided(
            long seq,
            String lane,
            ObjectNode failure,
            @Nullable String replyTo,
            @Nullable String correlation) {}

    /** Sends a message that failed to the route which was chosen, and the reply that waited for it; does nothing where one had been chosen before. */
    static boolean choose(Transaction transaction, String id, String route, @Nullable Fallback fallback) {
        Sql sql = transaction.sql();
        Optional<Undecided> found = sql.first(
                "select outcome.seq, outcome.lane, failure, reply_to, correlation from outcome"
                        + " join message on message.seq = outcome.seq"
                        + " where outcome.seq = (select seq from identity where identity.id = ?)"
                        + " and class is not null and dead_letter is null",
                Row.as(Undecided.class),
                id);
        found.ifPresent(each -> {
            String failure = each.failure.put("deadLetter", route).toString();
            sql.update("update outcome set dead_letter = ?, failure = ? where seq = ?", route, failure, each.seq);
            if (fallback != null) {
                fallback.accept(transaction, each.seq);
            }
            ObjectNode view = View.find(sql, id).orElseThrow();
            Outbox.deadLetter(transaction, id, each.lane, route, view);
            if (each.replyTo != null) {
                Outbox.reply(transaction, id, each.replyTo, each.correlation, view);
            }
            News.add(transaction, listener -> listener.deadLettered(each.lane, route));
        });
        return found.isPresent();
    }
}
