package dev.switchboard.queue;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lane is like, seen together with all others.
 *
 * @param name of the lane
 * @param owner the instance that serves it
 * @param tend whether its owner has something to do: messages without a place, expired ones, or some to discard
 * @param due whether a message of it is due
 * @param pause why it is paused
 * @param at when it was looked at, by {@link System#nanoTime}
 */
public record LaneState(
        String name,
        @Nullable String owner,
        boolean tend,
        boolean due,
        @Nullable Pause pause,
        long at) {

    private static final String ALL = "select name, owner, owner = ? and (" + LaneMaintenance.ANY + "), owner = ? and "
            + LaneMaintenance.DUE + ", paused, until, paused_by from lane";

    /** Looks at all lanes; at what is in their queues only where an instance owns them. */
    public static List<LaneState> all(Sql sql, String owner) {
        long now = Clock.now();
        long at = System.nanoTime();
        return sql.list(ALL, row -> of(row, at), owner, now, now, owner, Clock.steady());
    }

    private static LaneState of(Row row, long at) throws SQLException {
        String name = row.text();
        String owner = row.textOrNull();
        boolean tend = row.flag();
        boolean due = row.flag();
        String why = row.textOrNull();
        return new LaneState(
                name, owner, tend, due, why == null ? null : new Pause(why, row.numberOrNull(), row.textOrNull()), at);
    }

    /** A lane that no instance has owned. */
    public static LaneState unknown(String name) {
        return new LaneState(name, null, false, false, null, System.nanoTime());
    }
}
