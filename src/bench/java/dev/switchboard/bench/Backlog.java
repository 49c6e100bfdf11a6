package dev.switchboard.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Fills an empty SQLite store with accepted messages of one lane: each second one is of the same conversation. */
final class Backlog {

    private static final String SEQ = "((%2$d * 1048576) + i * 64)";
    private static final String CONVERSATION = "case when i %% 2 = 0 then 'big' else 'waits-' || i end";
    private static final String INSERT = "with recursive number (i) as (select 0 union all select i + 1 from number"
            + " where i + 1 < %1$d) insert into message (seq, id, lane, api, operation, conversation, body, hash, intake, state,"
            + " place, band, position, due, expires, attempts, tries, ambiguous, epoch, accepted_at, customer) select "
            + SEQ
            + ", 'order-' || i, '%3$s', 'biz', 'send', " + CONVERSATION
            + ", json_object('id', 'order-' || i, 'vendor', 'happytalk', 'account', 'default', 'operation', 'send',"
            + " 'conversationId', " + CONVERSATION + ", 'customerId', 'user-' || i, 'type', 'text', 'text',"
            + " 'Dear customer ' || i || ', your order is on its way'), 'hash', 'rest', 'accepted',"
            + " case when i %% 2 = 0 and i > 0 then 2 else 1 end, 0, " + SEQ
            + ", %2$d, %2$d + 400000000, 0, 0, 0, 0, %2$d, 'user-' || i from number";

    private Backlog() {}

    /** Fills a store, whose tables are there. */
    static void fill(String url, String lane, int messages) throws SQLException {
        long time = System.currentTimeMillis() - 60_000;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement =
                        connection.prepareStatement(String.format(INSERT, messages, time, lane))) {
            statement.executeUpdate();
        }
    }
}
