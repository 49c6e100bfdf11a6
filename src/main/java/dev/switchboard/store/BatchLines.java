package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.BatchLine;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the outcome of the records of a batch, line by line. */
final class BatchLines {

    private static final int AT_ONCE = 500;
    private static final String COLUMNS =
            "coalesce(outcome.class, work.class) as class, coalesce(outcome.code, work.code)"
                    + " as code, coalesce(outcome.failure, work.failure) as failure, result,"
                    + " coalesce(outcome.attempts, work.attempts) as attempts, finished_at, "
                    + Fallback.ID_OF_IT + " as fallback";
    private static final String EACH =
            "select message.line as line, message.id as id, " + Work.STATE_OF_ANY + " as state,"
                    + " null as reason, null as first, " + COLUMNS + " from message" + Work.OR_OUTCOME
                    + " where message.batch = ?"
                    + " union all select batch_row.line, batch_row.id, batch_row.state, batch_row.reason,"
                    + " case when message.seq is not null then " + Work.STATE_OF_ANY + " end, " + COLUMNS
                    + " from batch_row left join identity on identity.id = batch_row.id and batch_row.state = 'duplicate'"
                    + " left join message on message.seq = identity.seq"
                    + " and coalesce((select sender from batch where id = batch_row.batch), message.sender, '') = coalesce(message.sender, '')"
                    + Work.OR_OUTCOME + " where batch_row.batch = ? order by 1";

    private BatchLines() {}

    static void each(Sql sql, String batch, Consumer<BatchLine> use) {
        sql.each(EACH, BatchLines::line, use, batch, batch);
    }

    private static BatchLine line(Row row) throws SQLException {
        String state = String.valueOf(row.text("state"));
        String first = row.text("first");
        String reason = row.text("reason");
        JsonNode failure = row.json("failure");
        Long attempts = row.number("attempts");
        Long line = row.number("line");
        return new BatchLine(
                line == null ? 0 : line,
                row.text("id"),
                first == null ? state : state + ":" + first,
                state.equals("invalid") ? "invalid" : row.text("class"),
                row.text("code"),
                reason == null
                        ? failure.path("message").asText(failure.path("meaning").asText(null))
                        : reason,
                row.text("result"),
                attempts == null ? 0 : attempts.intValue(),
                row.time("finished_at"),
                row.text("fallback"));
    }

    /** Of many lines at once only the attempts are read: a result may be large. */
    static void eachResult(Sql sql, String batch, Consumer<ObjectNode> use) {
        long last = sql.first("select max(line) from message where batch = ?", Row::numberOrNull, batch)
                .orElse(-1L);
        for (long line = 0; line <= last; line += AT_ONCE) {
            Map<Long, List<ObjectNode>> attempts = View.attempts(
                    sql,
                    "where seq in (select seq from message where batch = ? and line >= ? and line < ?) order by seq, number",
                    batch,
                    line,
                    line + AT_ONCE);
            sql.each(
                    View.WHOLE + " where message.batch = ? and line >= ? and line < ? order by line",
                    row -> View.whole(row, attempts),
                    use,
                    batch,
                    line,
                    line + AT_ONCE);
        }
    }
}
