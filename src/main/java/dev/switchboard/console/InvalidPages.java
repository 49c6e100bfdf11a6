package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Shows what came by the queue and was refused; it is corrected and sent again, or discarded. */
final class InvalidPages {

    private static final Map<String, String> OPERATIONS =
            Map.of("send", "sendInvalidMessage", "discard", "discardInvalidMessage");
    private static final String TEXT = "text";

    private InvalidPages() {}

    static Screen list(Api api, Visit visit) {
        JsonNode all = api.list("listInvalidMessages", Map.of());
        return Screen.of("invalid", Map.of("messages", Json.list(all.path("messages"))));
    }

    static Screen show(Api api, Visit visit) {
        JsonNode message = api.get("getInvalidMessage", path(visit));
        String typed = visit.typed().getOrDefault(TEXT, message.path(TEXT).asText());
        return Screen.of("invalid-message", Map.of("m", message, TEXT, typed));
    }

    static Screen act(Api api, Visit visit) {
        String operation = visit.operation(OPERATIONS);
        String typed = visit.given(TEXT);
        boolean sends = operation.equals("sendInvalidMessage");
        if (sends && typed.isEmpty()) {
            throw Api.Refusal.of(TEXT, "required");
        }
        api.post(operation, path(visit), sends ? typed : null);
        return Screen.at("/console/invalid?done=" + operation);
    }

    private static Map<String, String> path(Visit visit) {
        return Map.of("id", visit.path("id"));
    }
}
