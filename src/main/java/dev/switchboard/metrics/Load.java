package dev.switchboard.metrics;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Sql;
import java.util.HashMap;
import java.util.Map;

/**
 * How much waits in the store, read from indexes alone where there may be millions.
 *
 * @param lanes what waits, for each lane in which something waits
 * @param outbox how many rows wait to go out, by topic
 * @param aside how many rows have been given up
 * @param batches how many batches run, by state
 * @param lines the records of the batches that run, by state
 * @param letters how many messages of each lane are dead or uncertain, and not handled yet
 * @param stopped how many replay runs stopped by themselves in the last day
 */
record Load(
        Map<String, Lane> lanes,
        Map<String, Long> outbox,
        long aside,
        Map<String, Long> batches,
        Map<String, Long> lines,
        Map<String, Long> letters,
        long stopped) {

    private static final long DAY = 86_400_000;

    /**
     * What waits in a lane.
     *
     * @param depth messages in the queue, those being sent among them
     * @param oldest when the first of them was accepted or replayed, in milliseconds since 1970
     */
    record Lane(long depth, long oldest) {

        /** Returns for how many milliseconds the first of them waits. */
        long age() {
            return depth == 0 ? 0 : Math.max(0, Clock.now() - oldest);
        }
    }

    /** Returns what waits in a lane. */
    Lane lane(String name) {
        return lanes.getOrDefault(name, new Lane(0, 0));
    }

    /** Returns how many rows of a topic, or of those below it, wait to go out. */
    long outbox(String topic) {
        return outbox.entrySet().stream()
                .filter(each -> each.getKey().equals(topic) || each.getKey().startsWith(topic + "/"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    static Load read(Sql sql) {
        Map<String, Long> outbox = counts(sql, "select topic, count(*) from outbox where aside = 0 group by topic");
        long waiting = outbox.values().stream().mapToLong(Long::longValue).sum();
        long aside = Math.max(0, sql.number("select count(*) from outbox") - waiting);
        return new Load(
                lanes(sql),
                outbox,
                aside,
                counts(
                        sql,
                        "select case when paused = 1 then 'paused' else state end, count(*) from batch"
                                + " where state in ('reading', 'sending') group by 1"),
                lines(sql),
                counts(sql, "select lane, count(*) from outcome where state in ('dead', 'uncertain') group by lane"),
                sql.number(
                        "select count(*) from replay where state = 'stopped' and finished_at > ?", Clock.now() - DAY));
    }

    /** A position contains the time at which the message was accepted or replayed. */
    private static Map<String, Lane> lanes(Sql sql) {
        var lanes = new HashMap<String, Lane>();
        sql.list(
                "select lane, count(*), min(position) from work group by lane",
                row -> lanes.put(row.text(), new Lane(row.number(), Clock.time(row.number()))));
        return lanes;
    }

    private static Map<String, Long> lines(Sql sql) {
        return sql.first(
                        "select sum(delivered), sum(dead), sum(uncertain), sum(discarded), sum(duplicate), sum(invalid),"
                                + " sum(unfinished) from batch where state in ('reading', 'sending')",
                        row -> Map.of(
                                "delivered", row.number(),
                                "dead", row.number(),
                                "uncertain", row.number(),
                                "discarded", row.number(),
                                "duplicate", row.number(),
                                "invalid", row.number(),
                                "unfinished", row.number()))
                .orElseThrow();
    }

    private static Map<String, Long> counts(Sql sql, String query) {
        var counts = new HashMap<String, Long>();
        sql.list(query, row -> counts.put(row.text(), row.number()));
        return counts;
    }
}
