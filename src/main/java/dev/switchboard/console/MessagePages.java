package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Finds messages, shows one with all that was done for it, and sends it again or closes it. */
final class MessagePages {

    private static final List<String> FILTERS = List.of(
            "q", "state", "vendor", "account", "class", "code", "deadLetter", "conversation", "batch", "from", "to");
    private static final Map<String, String> OPERATIONS = Map.of(
            "replay", "replayMessage",
            "resolve", "resolveMessage",
            "discard", "discardMessage",
            "undiscard", "undiscardMessage");
    private static final List<String> STATES =
            List.of("accepted", "sending", "waiting", "delivered", "dead", "uncertain", "discarded", "replaced");
    static final List<String> CLASSES = List.of(
            "invalid", "unauthorized", "gone", "refused", "closed", "unavailable", "expired", "uncertain", "unmapped");
    private static final String PAGE = "50";

    /** What the page shows in a way of its own; the other fields of a message stand below. */
    private static final Set<String> SHOWN = Set.of(
            "vendor",
            "account",
            "operation",
            "conversationId",
            "conversationOf",
            "customerId",
            "type",
            "text",
            "url",
            "extra",
            "labels",
            "notBefore",
            "expiresAt",
            "erasedAt");

    private MessagePages() {}

    static Screen list(Api api, Visit visit) {
        return page(api, visit, "listMessages", "/console/messages");
    }

    static Screen deadLetters(Api api, Visit visit) {
        return page(api, visit, "listDeadLetters", "/console/dead-letters/list");
    }

    private static Screen page(Api api, Visit visit, String operation, String path) {
        Map<String, String> given = visit.given(FILTERS);
        var data = new HashMap<String, Object>(Map.of("asked", visit.asked(FILTERS), "states", STATES));
        data.putAll(Map.of("list", path, "older", "", "reason", "", "more", visit.given("after")));
        data.put("newest", Visit.address(path, given));
        data.put("file", Visit.address(path.replaceFirst("/console(/[^/]*).*", "$1"), parameters(given, "")));
        data.put("again", Visit.address("/console/replays/new", given));
        try {
            Map<String, String> parameters = parameters(given, visit.given("after"));
            parameters.put("limit", PAGE);
            JsonNode page = api.list(operation, parameters);
            data.put("messages", Json.list(page.path("messages")));
            if (page.has("next")) {
                var older = new LinkedHashMap<>(given);
                older.put("after", page.path("next").asText());
                data.put("older", Visit.address(path, older));
            }
        } catch (Api.Refusal e) {
            data.put("messages", List.of());
            data.put("reason", Objects.requireNonNullElse(e.getMessage(), ""));
        }
        return Screen.of("messages", data);
    }

    private static Map<String, String> parameters(Map<String, String> asked, String after) {
        var parameters = new HashMap<>(asked);
        parameters.replaceAll((name, value) -> name.equals("from") || name.equals("to") ? Times.instant(value) : value);
        if (!after.isEmpty()) {
            parameters.put("after", after);
        }
        return parameters;
    }

    static Screen show(Api api, Visit visit) {
        JsonNode message = api.get("getMessage", Map.of("id", Visit.encoded(visit.path("id"))));
        String conversation = message.path("conversationId").asText();
        String others = Visit.address("/console/messages", Map.of("conversation", conversation));
        var fields = new LinkedHashMap<String, String>();
        Message.ofView(message).properties().stream()
                .filter(field -> !SHOWN.contains(field.getKey()))
                .forEach(field -> fields.put(
                        field.getKey(),
                        field.getValue().isValueNode()
                                ? field.getValue().asText()
                                : field.getValue().toString()));
        return Screen.of("message", Map.of("m", message, "conversation", others, "fields", fields));
    }

    static String act(Api api, Visit visit) {
        String operation = visit.operation(OPERATIONS);
        String id = Visit.encoded(visit.path("id"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        visit.given(List.of("reason", "conversationId")).forEach(body::put);
        api.post(operation, Map.of("id", id), body);
        return Visit.address("/console/messages/" + id, Map.of("done", operation));
    }
}
