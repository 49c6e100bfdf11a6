package dev.switchboard.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Fills an empty SQLite store with accepted messages of one lane: each second one is of the same conversation. */
final class Backlog {

    private static final String NUMBERS =
            "with recursive number (i) as (select 0 union all select i + 1 from number where i + 1 < %1$d) ";
    private static final String SEQ = "((%2$d * 1048576) + i * 64)";
    private static final String CONVERSATION = "case when i %% 2 = 0 then 'big' else 'waits-' || i end";
    private static final List<String> STATEMENTS = List.of(
            NUMBERS + "insert into identity (id, seq, hash) select 'order-' || i, " + SEQ + ", 'hash' from number",
            NUMBERS
                    + "insert into message (seq, id, lane, api, operation, conversation, customer, body, intake, accepted_at) select "
                    + SEQ + ", 'order-' || i, '%3$s', 'biz', 'send', " + CONVERSATION + ", 'user-' || i"
                    + ", json_object('id', 'order-' || i, 'vendor', 'happytalk', 'account', 'default', 'operation', 'send',"
                    + " 'conversationId', " + CONVERSATION + ", 'customerId', 'user-' || i, 'type', 'text', 'text',"
                    + " 'Dear customer ' || i || ', your order is on its way'), 'rest', %2$d from number",
            NUMBERS
                    + "insert into work (lane, seq, api, conversation, stage, front, band, position, due, expires, attempts, tries,"
                    + " uncertain, epoch) select '%3$s', " + SEQ + ", 'biz', " + CONVERSATION
                    + ", case when i %% 2 = 0 and i > 0 then 'behind' else 'ready' end,"
                    + " case when i %% 2 = 0 and i > 0 then 0 else 1 end, 0, " + SEQ
                    + ", %2$d, %2$d + 400000000, 0, 0, 0, 0 from number");

    private Backlog() {}

    /** Fills a store, whose tables are there. */
    static void fill(String url, String lane, int messages) throws SQLException {
        long time = System.currentTimeMillis() - 60_000;
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String sql : STATEMENTS) {
                try (PreparedStatement statement =
                        connection.prepareStatement(String.format(sql, messages, time, lane))) {
                    statement.executeUpdate();
                }
            }
        }
    }
}
