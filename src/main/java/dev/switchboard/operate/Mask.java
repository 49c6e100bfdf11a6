package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.security.Caller;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Hides in an answer what messages say and to whom, where its caller must not see that. Of a message's view only what
 * is known to be harmless is shown, so a vendor's new field is hidden until it is listed here.
 */
@Singleton
@Named("mask")
public final class Mask implements Processor {

    private static final String HIDDEN = "***";
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._:-]{1,40}");

    private static final Set<String> OF_A_MESSAGE =
            Set.of(("id vendor account operation conversationId type bot event channel labels notBefore expiresAt"
                            + " ignoreHours state attempts failure source replaces replacedBy fallback fallbackOf reason discardedAt erasedAt"
                            + " laterSent acceptedAt finishedAt dueAt waitingFor")
                    .split(" "));

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
        if (json instanceof ObjectNode object) {
            boolean message = object.has("operation") && object.has("state");
            if (message && caller.name().equals(object.at("/source/sender").textValue())) {
                return json;
            }
            if (message) {
                hide(object, OF_A_MESSAGE);
                object.path("attempts").forEach(attempt -> hide((ObjectNode) attempt, OF_AN_ATTEMPT));
            }
            hideEchoes(object);
        }
        json.forEach(each -> hide(each, caller));
        return json;
    }

    /**
     * A vendor's words may repeat the message's text, a code that is in no table may be anything, and the request of a run may
     * name a customer.
     */
    private static void hideEchoes(ObjectNode object) {
        if (object.path("message").isTextual()) {
            object.put("message", HIDDEN);
        }
        if (object.path("q").isTextual()) {
            object.put("q", HIDDEN);
        }
        String code = object.path("code").textValue();
        if (code != null && !CODE.matcher(code).matches()) {
            object.put("code", HIDDEN);
        }
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
