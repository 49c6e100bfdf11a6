package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Sends a message by hand, such as to try an account: the form is made of the operation's schema. */
final class SendPages {

    private static final String OPERATION = "operation";
    private static final Set<String> NUMBERS = Set.of("integer", "number");

    private SendPages() {}

    static Screen show(Api api, Visit visit) {
        List<JsonNode> all = all(api);
        JsonNode chosen = chosen(all, visit);
        return Screen.of(
                "send",
                Map.of(
                        "operations",
                        all.stream().map(SendPages::name).toList(),
                        "chosen",
                        chosen,
                        "name",
                        name(chosen),
                        "required",
                        Json.list(chosen.at("/message/required")).stream()
                                .map(JsonNode::asText)
                                .toList(),
                        "fields",
                        typeable(chosen),
                        "given",
                        visit.typed()));
    }

    static Screen send(Api api, Visit visit) {
        JsonNode chosen = chosen(all(api), visit);
        ObjectNode message = JsonNodeFactory.instance
                .objectNode()
                .put("vendor", chosen.path("vendor").asText())
                .put(OPERATION, chosen.path(OPERATION).asText());
        JsonNode types = chosen.at("/message/properties");
        visit.given(Stream.concat(Stream.of("account", "id"), typeable(chosen).keySet().stream())
                        .toList())
                .forEach((name, value) ->
                        put(message, types.path(name).path("type").asText(), name, value));
        JsonNode sent = api.post("submitMessage", Map.of(), message);
        return Screen.at("/console/messages/" + Visit.encoded(sent.path("id").asText()) + "?done=submitMessage");
    }

    private static void put(ObjectNode message, String type, String name, String value) {
        if (NUMBERS.contains(type) && value.matches("-?\\d{1,18}")) {
            message.put(name, Long.parseLong(value));
        } else {
            message.put(name, value);
        }
    }

    private static List<JsonNode> all(Api api) {
        List<JsonNode> all = Json.list(api.get("listOperations", Map.of()).path("operations"));
        if (all.isEmpty()) {
            throw new Api.Refusal(404, "nothingToSend");
        }
        return all;
    }

    /** Returns the operation that is asked for; without one, the first. */
    private static JsonNode chosen(List<JsonNode> all, Visit visit) {
        String asked = visit.given(OPERATION);
        return all.stream().filter(each -> name(each).equals(asked)).findFirst().orElseGet(() -> all.get(0));
    }

    private static String name(JsonNode operation) {
        return operation.path("vendor").asText() + "/"
                + operation.path(OPERATION).asText();
    }

    /** Returns the fields that can be typed, with their schemas; objects are for programs. */
    private static Map<String, JsonNode> typeable(JsonNode operation) {
        var fields = new LinkedHashMap<String, JsonNode>();
        operation.at("/message/properties").properties().forEach(field -> {
            if (!field.getValue().path("type").asText().equals("object")) {
                fields.put(field.getKey(), field.getValue());
            }
        });
        return fields;
    }
}
