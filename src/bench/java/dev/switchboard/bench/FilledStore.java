package dev.switchboard.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Fills an empty SQLite store with messages of the last two days: a tenth of them dead letters of a dozen causes, twenty
 * thousand that wait in paused lanes, the others delivered; half of them lines of batches, and each tenth with labels.
 */
final class FilledStore {

    static final int ACCOUNTS = 5;
    private static final int WAITING = 20_000;
    private static final long DAYS = Duration.ofDays(2).toMillis();

    private static final String NUMBERS =
            "with recursive number (i) as (select 0 union all select i + 1 from number where i + 1 < %1$d) ";
    private static final String SEQ = "((%2$d + i * %3$d / %1$d) * 1048576)";

    private static final List<String> STATEMENTS = List.of(
            NUMBERS + "insert into identity (id, seq, hash) select 'order-' || i, " + SEQ + ", 'hash' from number",
            NUMBERS
                    + "insert into message (seq, id, lane, api, operation, conversation, customer, body, intake, batch, line,"
                    + " accepted_at) select " + SEQ + ", 'order-' || i, 'happytalk/a' || (i %% 5), 'biz', 'send',"
                    + " 'room-' || (i / 4), 'user-' || (i / 9), json_object('id', 'order-' || i, 'vendor', 'happytalk',"
                    + " 'account', 'a' || (i %% 5), 'operation', 'send', 'conversationId', 'room-' || (i / 4), 'customerId',"
                    + " 'user-' || (i / 9), 'text', 'Dear customer ' || i || ', your order is on its way'),"
                    + " case when i %% 2 = 0 then 'file' else 'rest' end,"
                    + " case when i %% 2 = 0 then 'batch-' || (i * 20 / %1$d) end, case when i %% 2 = 0 then i / 2 end,"
                    + " %2$d + i * %3$d / %1$d from number",
            NUMBERS
                    + "insert into work (lane, seq, api, conversation, batch, stage, front, band, position, due, expires, attempts,"
                    + " tries, uncertain, epoch) select 'happytalk/a' || (i %% 5), " + SEQ + ", 'biz',"
                    + " 'room-' || (i / 4), case when i %% 2 = 0 then 'batch-' || (i * 20 / %1$d) end, 'ready', 1, i %% 2, "
                    + SEQ
                    + ", %2$d, %2$d + 400000000, 0, 0, 0, 1 from number where i >= %1$d - %4$d",
            NUMBERS
                    + "insert into outcome (seq, lane, state, class, code, failure, maybe, batch, finished_at, late, attempts,"
                    + " started_at, ended_at, disposition, http_status, answer_code, answer_message, request) select "
                    + SEQ
                    + ", 'happytalk/a' || (i %% 5), case when i %% 10 <> 7 then 'delivered' when i %% 1000 = 17 then 'uncertain'"
                    + " else 'dead' end, case when i %% 10 <> 7 then null when i %% 1000 = 17 then 'uncertain'"
                    + " when i / 10 %% 3 = 0 then 'refused' when i / 10 %% 3 = 1 then 'gone' else 'invalid' end,"
                    + " case when i %% 10 = 7 then '-' || (700 + i / 10 %% 12) end, case when i %% 10 = 7 then"
                    + " '{\"class\":\"refused\",\"api\":\"biz\",\"code\":\"-700\",\"message\":\"no\","
                    + "\"meaning\":\"The vendor said no.\"}' end, i %% 1000 = 17,"
                    + " case when i %% 20 = 17 then 'batch-' || (i * 20 / %1$d) end, %2$d + i * %3$d / %1$d + 500, 0, 1,"
                    + " %2$d + i * %3$d / %1$d, %2$d + i * %3$d / %1$d + 400,"
                    + " case when i %% 10 <> 7 then 'delivered' else 'dead-letter' end, 200, '0', '',"
                    + " json_object('method', 'POST', 'url', 'http://127.0.0.1:9/v1/chat/write', 'body', 'Dear customer ' || i)"
                    + " from number where i < %1$d - %4$d",
            NUMBERS + "insert into label (value, name, seq) select 'spring-' || (i / 10 %% 10), 'campaign', " + SEQ
                    + " from number where i %% 10 = 3",
            "with recursive number (i) as (select 0 union all select i + 1 from number where i + 1 < 20) insert into batch"
                    + " (seq, id, name, path, folder, profile, state, records, accepted, duplicate, invalid, unfinished, started_at, delivered, dead)"
                    + " select %2$d * 1048576 + i, 'batch-' || i, 'orders-' || i || '.csv', 'p' || i, 'files', '', 'finished', %1$d / 40, %1$d / 40, 0, 0,"
                    + " 0, %2$d, %1$d / 44, %1$d / 440 from number",
            "with recursive number (i) as (select 0 union all select i + 1 from number where i + 1 < 5) insert into lane (name, paused)"
                    + " select 'happytalk/a' || i, 'measuring' from number where true on conflict (name) do update set paused = 'measuring'");

    private FilledStore() {}

    /** Fills the store in a file, whose tables are there. */
    static void fill(Path file, int messages) throws SQLException {
        long began = System.currentTimeMillis() - DAYS;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            for (String sql : STATEMENTS) {
                try (PreparedStatement statement = connection.prepareStatement(
                        String.format(sql, messages, began, DAYS, Math.min(WAITING, messages / 10)))) {
                    statement.executeUpdate();
                }
            }
            connection.commit();
        }
    }
}
