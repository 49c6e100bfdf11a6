package dev.switchboard.store;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultBearing;

/**
 * How much waits in the store, read from indexes alone where there may be millions.
 *
 * @param lanes what waits in each lane that has something waiting
 * @param outbox how many rows wait to go out, by topic
 * @param aside how many rows have been given up
 * @param batches how many batches run, by state
 * @param lines the records of the batches that run, by what has become of them
 */
public record Load(
        Map<String, Lane> lanes,
        Map<String, Long> outbox,
        long aside,
        Map<String, Long> batches,
        Map<String, Long> lines) {

    /**
     * What waits in a lane.
     *
     * @param depth messages in the queue, those being sent among them
     * @param oldest since when the first of them waits, in milliseconds since 1970: since it was accepted, or replayed
     */
    public record Lane(long depth, long oldest) {

        /** Returns for how many milliseconds the first of them waits. */
        public long age() {
            return depth == 0 ? 0 : Math.max(0, Clock.now() - oldest);
        }
    }

    /** Returns what waits in a lane. */
    public Lane lane(String name) {
        return lanes.getOrDefault(name, new Lane(0, 0));
    }

    /** Returns how many rows of a topic, or of those below it, wait to go out. */
    public long outbox(String topic) {
        return outbox.entrySet().stream()
                .filter(each -> each.getKey().equals(topic) || each.getKey().startsWith(topic + "/"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Reads it. */
    public static Load of(Store store) {
        return store.read(Load::read);
    }

    private static Load read(Handle handle) {
        Map<String, Long> outbox =
                counts(handle.createQuery("select topic, count(*) from outbox where aside = 0 group by topic"));
        long rows = handle.createQuery("select count(*) from outbox")
                .mapTo(Long.class)
                .one();
        long waiting = outbox.values().stream().mapToLong(Long::longValue).sum();
        return new Load(lanes(handle), outbox, Math.max(0, rows - waiting), batches(handle), lines(handle));
    }

    /** A position is of the time at which the message came, or came again. */
    private static Map<String, Lane> lanes(Handle handle) {
        var lanes = new HashMap<String, Lane>();
        handle.createQuery("select lane, count(*), min(position) from message where place is not null group by lane")
                .map((row, context) ->
                        Map.entry(row.getString(1), new Lane(row.getLong(2), Clock.time(row.getLong(3)))))
                .forEach(lane -> lanes.put(lane.getKey(), lane.getValue()));
        return lanes;
    }

    private static Map<String, Long> batches(Handle handle) {
        return counts(handle.createQuery("select case when paused = 1 then 'paused' else state end, count(*) from batch"
                + " where state in ('reading', 'sending') group by 1"));
    }

    private static Map<String, Long> lines(Handle handle) {
        return handle.createQuery("select sum(delivered), sum(dead), sum(uncertain), sum(discarded), sum(duplicate),"
                        + " sum(invalid), sum(unfinished) from batch where state in ('reading', 'sending')")
                .map((row, context) -> Map.of(
                        "delivered", row.getLong(1),
                        "dead", row.getLong(2),
                        "uncertain", row.getLong(3),
                        "discarded", row.getLong(4),
                        "duplicate", row.getLong(5),
                        "invalid", row.getLong(6),
                        "unfinished", row.getLong(7)))
                .one();
    }

    private static Map<String, Long> counts(ResultBearing query) {
        var counts = new HashMap<String, Long>();
        query.map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }
}
