package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes a message that was not delivered, and sends it in the place of the old one. */
final class EditPages {

    private static final List<String> KEPT = List.of("vendor", "account", "operation", "bot", "labels");
    private static final List<String> OFTEN = List.of("conversationId", "customerId", "text", "url");
    private static final List<String> RARELY = List.of("type", "extra", "event", "channel", "notBefore", "expiresAt");

    private EditPages() {}

    static Screen show(Api api, Visit visit) {
        JsonNode message = find(api, visit);
        var fields = new LinkedHashMap<String, String>();
        OFTEN.forEach(name -> fields.put(name, message.path(name).asText()));
        RARELY.stream()
                .filter(message::has)
                .forEach(name -> fields.put(name, message.path(name).asText()));
        return Screen.of("edit", Map.of("m", message, "fields", fields));
    }

    static String send(Api api, Visit visit) {
        JsonNode old = find(api, visit);
        ObjectNode edited = JsonNodeFactory.instance.objectNode();
        KEPT.stream().filter(old::has).forEach(name -> edited.set(name, old.path(name)));
        visit.given(OFTEN).forEach(edited::put);
        visit.given(RARELY).forEach(edited::put);
        JsonNode fresh = api.post("replayMessage", Map.of("id", Visit.encoded(visit.path("id"))), edited);
        String id = Visit.encoded(fresh.path("id").asText());
        return Visit.address("/console/messages/" + id, Map.of("done", "editMessage"));
    }

    private static JsonNode find(Api api, Visit visit) {
        return api.get("getMessage", Map.of("id", Visit.encoded(visit.path("id"))));
    }
}
