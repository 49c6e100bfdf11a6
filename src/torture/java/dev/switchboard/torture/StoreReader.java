package dev.switchboard.torture;

import dev.switchboard.TestedStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads the store's tables, and not what the bus says of them. */
final class StoreReader {

    private static final String STATES =
            "select id, message.lane as lane, coalesce(outcome.state, case when stage = 'sending' then 'sending' when waits is not null"
                    + " then 'waiting' else 'accepted' end) as state, coalesce(outcome.class, work.class) as class from message"
                    + " left join outcome on outcome.seq = message.seq left join work on work.seq = message.seq";

    private final TestedStore store;

    StoreReader(TestedStore store) {
        this.store = store;
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> reader) throws SQLException {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            var all = new ArrayList<T>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    private int count(String sql) throws SQLException {
        return query(sql, row -> row.getInt(1)).get(0);
    }

    List<Stored> messages() throws SQLException {
        return query(STATES, row -> {
            String lane = row.getString(2);
            String failureClass = row.getString(4);
            return new Stored(
                    row.getString(1),
                    lane.substring(0, lane.indexOf('/')),
                    row.getString(3),
                    failureClass == null ? "" : failureClass);
        });
    }

    int messageCount() throws SQLException {
        return count("select count(*) from message");
    }

    /** Counts all that has still to happen: messages, batches and what has to go out. */
    int unfinished() throws SQLException {
        return count("select count(*) from work")
                + count("select count(*) from batch where state in ('reading', 'sending')")
                + count("select count(*) from outbox where aside = 0");
    }

    int inState(String state) throws SQLException {
        return count("select count(*) from (" + STATES + ") as every where state = '" + state + "'");
    }

    /** Counts what was to go out and was given up. */
    int setAside() throws SQLException {
        return count("select count(*) from outbox where aside = 1");
    }
}
