package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.security.Caller;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Takes out of an answer what messages say and to whom, where its caller is not to see that. Of a message's view only what
 * is known to be harmless is left, so a field that a vendor brings is hidden until somebody decides otherwise.
 */
public final class Mask implements Processor {

    private static final String HIDDEN = "***";

    private static final Set<String> OF_A_MESSAGE = Set.of(
            "id",
            "vendor",
            "account",
            "operation",
            "conversationId",
            "type",
            "bot",
            "event",
            "channel",
            "labels",
            "notBefore",
            "expiresAt",
            "state",
            "attempts",
            "failure",
            "source",
            "replaces",
            "replacedBy",
            "reason",
            "discardedAt",
            "erasedAt",
            "laterSent",
            "acceptedAt",
            "finishedAt",
            "dueAt");

    private static final Set<String> OF_AN_ATTEMPT =
            Set.of("number", "startedAt", "endedAt", "disposition", "httpStatus", "code", "message");

    @Override
    public void process(Exchange exchange) {
        Caller caller = exchange.getProperty(Caller.PROPERTY, Caller.class);
        if (caller == null || caller.seesPersonalData()) {
            return;
        }
        Object body = exchange.getMessage().getBody();
        if (body instanceof JsonNode json) {
            hide(json, caller);
        } else if (body instanceof Export export) {
            exchange.getMessage().setBody(export.map(entry -> hide(entry, caller)));
        }
    }

    private static JsonNode hide(JsonNode json, Caller caller) {
        if (json.has("operation") && json.has("state")) {
            String sender = json.at("/source/sender").textValue();
            if (!caller.name().equals(sender)) {
                hide((ObjectNode) json, OF_A_MESSAGE);
                json.path("attempts").forEach(attempt -> hide((ObjectNode) attempt, OF_AN_ATTEMPT));
            }
        } else {
            json.forEach(each -> hide(each, caller));
        }
        return json;
    }

    private static void hide(ObjectNode object, Set<String> shown) {
        for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
            if (shown.contains(field.getKey())) {
                continue;
            }
            if (field.getValue().isTextual()) {
                object.put(field.getKey(), HIDDEN);
            } else {
                object.remove(field.getKey());
            }
        }
    }
}
