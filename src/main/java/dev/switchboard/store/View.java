package dev.switchboard.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Shows a stored message as the contract's message view. */
final class View {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> OWN = List.of("id", "vendor", "account", "operation");

    private View() {}

    /**
     * Reads the whole view of one message, attempts included. They are read after its state, so that what is shown as
     * finished has all of them, although another thread writes.
     */
    static Optional<ObjectNode> find(Handle handle, String id) {
        return handle.createQuery("select * from message where id = :id")
                .bind("id", id)
                .map((row, context) -> whole(row, attempts(handle, row.getLong("seq"))))
                .findOne();
    }

    private static Map<Long, ArrayNode> attempts(Handle handle, long seq) {
        return attempts(handle.createQuery("select * from attempt where seq = :seq order by number")
                .bind("seq", seq));
    }

    /** Returns the attempts that a query finds, by the numbers of their messages. */
    static Map<Long, ArrayNode> attempts(Query query) {
        var attempts = new HashMap<Long, ArrayNode>();
        query.map((row, context) -> attempts.computeIfAbsent(row.getLong("seq"), any -> JSON.createArrayNode())
                        .add(attempt(row)))
                .forEach(any -> {});
        return attempts;
    }

    /** Shows a row with the message's attempts and result. */
    static ObjectNode whole(ResultSet row, Map<Long, ArrayNode> attempts) throws SQLException {
        ObjectNode view = withoutAttempts(row);
        view.set("attempts", attempts.getOrDefault(row.getLong("seq"), JSON.createArrayNode()));
        view.set("result", json(row.getString("result")));
        return ordered(view);
    }

    /** Shows a message that has just been accepted, as {@link #find} would. */
    static ObjectNode accepted(Incoming incoming, long at) {
        Message message = incoming.message();
        Incoming.Source from = incoming.source();
        ObjectNode view = begin(message.id(), message.lane(), message.operation(), message.json());
        view.put("state", State.ACCEPTED.toString());
        view.set("attempts", JSON.createArrayNode());
        ObjectNode source = JSON.createObjectNode();
        source.put("intake", from.intake());
        source.put("batch", from.batch());
        source.put("line", from.line());
        source.put("sender", from.sender());
        view.set("source", withoutNulls(source));
        Instant acceptedAt = Instant.ofEpochMilli(at);
        Instant notBefore = message.notBefore();
        view.put("acceptedAt", acceptedAt.toString());
        view.put("dueAt", (notBefore == null ? acceptedAt : notBefore.truncatedTo(ChronoUnit.MILLIS)).toString());
        return view;
    }

    private static ObjectNode begin(String id, String lane, String operation, JsonNode fields) {
        ObjectNode view = JSON.createObjectNode();
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

    /** Shows a row as it stands in lists. */
    static ObjectNode withoutAttempts(ResultSet row) throws SQLException {
        ObjectNode view = begin(
                row.getString("id"), row.getString("lane"), row.getString("operation"), json(row.getString("body")));
        view.put("state", row.getString("state"));
        view.set("failure", json(row.getString("failure")));
        view.set("source", source(row));
        view.put("replaces", row.getString("replaces"));
        view.put("replacedBy", row.getString("replaced_by"));
        view.put("reason", row.getString("reason"));
        view.put("discardedAt", time(row, "discarded_at"));
        view.put("acceptedAt", time(row, "accepted_at"));
        view.put("finishedAt", time(row, "finished_at"));
        view.put("erasedAt", time(row, "erased_at"));
        boolean unfinished = !State.of(row.getString("state")).finished();
        view.put("dueAt", unfinished ? due(row) : null);
        return withoutNulls(view);
    }

    /** A time by which a sender wants it to wait is of the day; what we make it wait for is not. */
    private static String due(ResultSet row) throws SQLException {
        long due = row.getLong("due");
        boolean notBefore = row.getInt("place") == Queue.NOT_BEFORE;
        return Instant.ofEpochMilli(notBefore ? due : Clock.ofDay(due)).toString();
    }

    private static ObjectNode source(ResultSet row) throws SQLException {
        ObjectNode source = JSON.createObjectNode();
        source.put("intake", row.getString("intake"));
        source.put("batch", row.getString("batch"));
        long line = row.getLong("line");
        source.put("line", row.wasNull() ? null : line);
        source.put("sender", row.getString("sender"));
        return withoutNulls(source);
    }

    private static ObjectNode attempt(ResultSet row) throws SQLException {
        ObjectNode attempt = JSON.createObjectNode();
        attempt.put("number", row.getInt("number"));
        attempt.put("startedAt", time(row, "started_at"));
        attempt.put("endedAt", time(row, "ended_at"));
        attempt.put("disposition", row.getString("disposition"));
        int status = row.getInt("http_status");
        attempt.put("httpStatus", row.wasNull() ? null : status);
        attempt.put("code", row.getString("code"));
        attempt.put("message", row.getString("message"));
        attempt.set("request", json(row.getString("request")));
        attempt.put("answer", row.getString("answer"));
        return withoutNulls(attempt);
    }

    /** Moves what belongs behind the attempts there, so that views read as the contract lists them. */
    private static ObjectNode ordered(ObjectNode view) {
        for (String field : List.of(
                "failure",
                "result",
                "source",
                "replaces",
                "replacedBy",
                "reason",
                "discardedAt",
                "acceptedAt",
                "finishedAt",
                "erasedAt",
                "dueAt")) {
            JsonNode value = view.remove(field);
            if (value != null && !value.isNull() && !value.isMissingNode()) {
                view.set(field, value);
            }
        }
        return view;
    }

    private static ObjectNode withoutNulls(ObjectNode node) {
        node.properties()
                .removeIf(field -> field.getValue().isNull() || field.getValue().isMissingNode());
        return node;
    }

    private static @Nullable String time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis).toString();
    }

    static JsonNode json(@Nullable String text) {
        try {
            return text == null ? JSON.nullNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds what is no JSON", e);
        }
    }

    static ObjectNode failure(Outcome.Failure failure, String api) {
        ObjectNode json = JSON.createObjectNode();
        json.put("class", failure.failureClass().toString());
        json.put("api", api);
        json.put("code", failure.code());
        json.put("message", failure.message());
        json.put("meaning", failure.meaning());
        if (failure.mayHaveBeenSent()) {
            json.put("mayHaveBeenSent", true);
        }
        return withoutNulls(json);
    }
}
