package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import dev.switchboard.queue.Stage;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows a stored message as the contract's message view. */
final class View {

    private static final List<String> BEHIND_ATTEMPTS = List.of(
            "failure result source replaces replacedBy fallback fallbackOf reason discardedAt acceptedAt finishedAt erasedAt dueAt"
                    .split(" "));
    private static final List<String> OWN = List.of("id", "vendor", "account", "operation");

    private View() {}

    private static final String LISTED =
            "select message.seq as seq, message.id as id, message.lane as lane, operation, body, intake, message.batch"
                    + " as batch, line, sender, accepted_at, replaces, " + Work.STATE_OF_ANY + " as state, stage, due,"
                    + " coalesce(outcome.failure,"
                    + " work.failure) as failure,"
                    + " finished_at, replaced_by,"
                    + " reason, discarded_at,"
                    + " erased_at, " + Fallback.IDS;

    /** Selects what {@link #whole} shows. */
    static final String WHOLE = LISTED
            + ", outcome.attempts as number, result, started_at, ended_at, disposition, http_status, answer_code,"
            + " answer_message, request, answer from message" + Work.OR_OUTCOME;

    /** Reads the whole view of one message, attempts included. */
    static Optional<ObjectNode> find(Sql sql, String id) {
        return sql.first(
                WHOLE + " where message.seq = (select seq from identity where identity.id = ?)",
                row -> whole(
                        row, attempts(sql, "where seq = ? order by number", Objects.requireNonNull(row.number("seq")))),
                id);
    }

    /** Returns messages as they are in lists, newest first. */
    static List<Found> list(Sql sql, List<Long> numbers) {
        return sql
                .listIn(
                        LISTED + " from message" + Work.OR_OUTCOME + " where message.seq in (?*)",
                        row -> new Found(Objects.requireNonNull(row.number("seq")), withoutAttempts(row)),
                        numbers)
                .stream()
                .sorted(Comparator.comparing(Found::seq).reversed())
                .toList();
    }

    /** Returns earlier attempts, by the numbers of their messages. */
    static Map<Long, List<ObjectNode>> attempts(Sql sql, String which, Object... values) {
        var attempts = new HashMap<Long, List<ObjectNode>>();
        sql.list(
                "select * from attempt " + which,
                row -> attempts.computeIfAbsent(row.number("seq"), any -> new ArrayList<>())
                        .add(attempt(row)),
                values);
        return attempts;
    }

    /** Shows a row with the message's attempts, the last of which is in the row of one that is finished, and its result. */
    static ObjectNode whole(Row row, Map<Long, List<ObjectNode>> earlier) throws SQLException {
        ObjectNode view = withoutAttempts(row);
        Long last = row.text("disposition") == null ? null : row.number("number");
        ArrayNode attempts = Json.MAPPER.createArrayNode();
        earlier.getOrDefault(row.number("seq"), List.of()).stream()
                .filter(attempt -> last == null || attempt.path("number").asLong() < last)
                .forEach(attempts::add);
        if (last != null) {
            attempts.add(attempt(row));
        }
        view.set("attempts", attempts);
        view.set("result", row.json("result"));
        return ordered(view);
    }

    /** Shows a message that has just been accepted, as {@link #find} would. */
    static ObjectNode accepted(Incoming incoming, long at) {
        Message message = incoming.message();
        Incoming.Source from = incoming.source();
        ObjectNode view = begin(message.id(), message.lane(), message.operation(), message.json());
        view.put("state", State.ACCEPTED.toString());
        view.putArray("attempts");
        Json.withoutNulls(view.putObject("source")
                .put("intake", from.intake())
                .put("batch", from.batch())
                .put("line", from.line())
                .put("sender", from.sender()));
        String acceptedAt = Json.time(at);
        Instant notBefore = message.notBefore();
        view.put("acceptedAt", acceptedAt);
        view.put(
                "dueAt",
                notBefore == null
                        ? acceptedAt
                        : notBefore.truncatedTo(ChronoUnit.MILLIS).toString());
        return view;
    }

    private static ObjectNode begin(String id, String lane, String operation, JsonNode fields) {
        ObjectNode view = Json.object();
        view.put("id", id);
        view.put("vendor", lane.substring(0, lane.indexOf('/')));
        view.put("account", lane.substring(lane.indexOf('/') + 1));
        view.put("operation", operation);
        fields.properties().forEach(field -> {
            if (!OWN.contains(field.getKey())) {
                view.set(field.getKey(), field.getValue());
            }
        });
        return view;
    }

    /** Shows a row as it is in lists. */
    private static ObjectNode withoutAttempts(Row row) throws SQLException {
        ObjectNode view = begin(text(row, "id"), text(row, "lane"), text(row, "operation"), row.json("body"));
        view.put("state", row.text("state"));
        view.set("failure", row.json("failure"));
        Json.withoutNulls(view.putObject("source")
                .put("intake", row.text("intake"))
                .put("batch", row.text("batch"))
                .put("line", row.number("line"))
                .put("sender", row.text("sender")));
        view.put("replaces", row.text("replaces"));
        view.put("replacedBy", row.text("replaced_by"));
        view.put("fallback", row.text("fallback"));
        view.put("fallbackOf", row.text("fallback_of"));
        view.put("reason", row.text("reason"));
        view.put("discardedAt", row.time("discarded_at"));
        view.put("acceptedAt", row.time("accepted_at"));
        view.put("finishedAt", row.time("finished_at"));
        view.put("erasedAt", row.time("erased_at"));
        view.put("dueAt", due(row));
        return Json.withoutNulls(view);
    }

    private static String text(Row row, String column) throws SQLException {
        return Objects.requireNonNull(row.text(column));
    }

    /** A time by which a sender wants it to wait is of the day; what we make it wait for is not. */
    private static @Nullable String due(Row row) throws SQLException {
        Long due = row.number("due");
        if (due == null) {
            return null;
        }
        boolean notBefore = Stage.NOT_BEFORE.toString().equals(row.text("stage"));
        return Instant.ofEpochMilli(notBefore ? due : Clock.ofDay(due)).toString();
    }

    private static ObjectNode attempt(Row row) throws SQLException {
        ObjectNode attempt = Json.object();
        attempt.put("number", row.count("number"));
        attempt.put("startedAt", row.time("started_at"));
        attempt.put("endedAt", row.time("ended_at"));
        attempt.put("disposition", row.text("disposition"));
        attempt.put("httpStatus", row.count("http_status"));
        attempt.put("code", row.text("answer_code"));
        attempt.put("message", row.text("answer_message"));
        attempt.set("request", row.json("request"));
        attempt.put("answer", row.text("answer"));
        return Json.withoutNulls(attempt);
    }

    /** Moves what belongs behind the attempts there, so that views read as the contract lists them. */
    private static ObjectNode ordered(ObjectNode view) {
        for (String field : BEHIND_ATTEMPTS) {
            JsonNode value = view.remove(field);
            if (value != null && !value.isNull() && !value.isMissingNode()) {
                view.set(field, value);
            }
        }
        return view;
    }
}
