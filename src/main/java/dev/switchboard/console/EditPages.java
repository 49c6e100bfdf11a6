package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Changes a message that was not delivered, and sends it in the place of the old one. */
final class EditPages {

    /** What makes a message another one. */
    private static final Set<String> FIXED = Set.of("vendor", "account", "operation");

    /** What an edit most often puts right or adds, in the order of the form. */
    private static final List<String> OFTEN = List.of("conversationId", "customerId", "text", "url");

    private EditPages() {}

    static Screen show(Api api, Visit visit) {
        JsonNode message = find(api, visit);
        var fields = new LinkedHashMap<String, String>();
        OFTEN.forEach(name -> fields.put(name, message.path(name).asText()));
        editable(message).forEach(name -> fields.put(name, message.path(name).asText()));
        return Screen.of("edit", Map.of("m", message, "fields", fields));
    }

    static String send(Api api, Visit visit) {
        JsonNode old = find(api, visit);
        List<String> editable = Stream.concat(OFTEN.stream(), editable(old)).toList();
        ObjectNode edited = Message.ofView(old);
        edited.remove(editable);
        visit.given(editable).forEach(edited::put);
        JsonNode fresh = api.post("replayMessage", Map.of("id", Visit.encoded(visit.path("id"))), edited);
        String id = Visit.encoded(fresh.path("id").asText());
        return Visit.address("/console/messages/" + id, Map.of("done", "editMessage"));
    }

    /** Returns a message's texts, of a vendor's own fields too. What is no text stays as it is. */
    private static Stream<String> editable(JsonNode view) {
        return Message.ofView(view).properties().stream()
                .filter(field -> field.getValue().isTextual())
                .map(Map.Entry::getKey)
                .filter(name -> !FIXED.contains(name));
    }

    private static JsonNode find(Api api, Visit visit) {
        return api.get("getMessage", Map.of("id", Visit.encoded(visit.path("id"))));
    }
}
