package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Changes a message that was not delivered, and sends it instead of the old one. */
final class EditPages {

    /** What makes a message another one. */
    private static final Set<String> FIXED = Set.of("vendor", "account", "operation");

    /** The fields that an edit most often corrects or adds, in the order of the form. */
    private static final List<String> OFTEN = List.of("conversationId", "customerId", "text", "url");

    private EditPages() {}

    static Screen show(Api api, Visit visit) {
        JsonNode message = find(api, visit);
        var fields = new LinkedHashMap<String, String>();
        Map<String, String> typed = visit.typed();
        Stream.concat(OFTEN.stream(), editable(message))
                .forEach(name -> fields.put(
                        name, typed.getOrDefault(name, message.path(name).asText())));
        return Screen.of(
                "edit", Map.of("m", message, "fields", fields, "risky", MessagePages.mayHaveBeenSent(message)));
    }

    static Screen send(Api api, Visit visit) {
        JsonNode old = find(api, visit);
        List<String> editable = Stream.concat(OFTEN.stream(), editable(old)).toList();
        MessagePages.requireConsent(old, visit);
        ObjectNode edited = Message.ofView(old);
        edited.remove(editable);
        visit.given(editable).forEach(edited::put);
        JsonNode fresh = api.post("replayMessage", MessagePages.replay(Visit.encoded(visit.path("id"))), edited);
        String id = Visit.encoded(fresh.path("id").asText());
        return Screen.at(Visit.address("/console/messages/" + id, Map.of("done", "editMessage")));
    }

    /** Returns the text fields of a message, a vendor's own too. Other fields are kept unchanged. */
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
