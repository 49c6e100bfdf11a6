package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/** Finds messages, shows one with all that was done for it, and sends it again or closes it. */
final class MessagePages {

    private static final List<String> FILTERS = List.of(
            "q texts state waitingFor vendor account class code deadLetter conversation batch from to".split(" "));
    private static final Map<String, String> OPERATIONS = Map.of(
            "try", "tryMessage",
            "replay", "replayMessage",
            "resolve", "resolveMessage",
            "discard", "discardMessage",
            "undiscard", "undiscardMessage");
    private static final List<String> STATES = names(State.values());
    static final List<String> WAITS = names(WaitReason.values());
    static final List<String> CLASSES = names(FailureClass.values());
    /** What a message waits for that can be tried now. */
    private static final Set<String> TRIED = Set.of("retry", "retry-after", "later", "circuit", "rate", "turn");

    private static final String PAGE = "50";

    /** The field of a form by which a viewer accepts that a message may be sent twice. */
    private static final String CONSENT = "maybeTwice";

    /** The fields that the page shows in a way of its own; it lists any others below them. */
    private static final Set<String> SHOWN =
            Set.of(("vendor account operation conversationId conversationOf customerId type text url extra labels"
                            + " notBefore expiresAt erasedAt")
                    .split(" "));

    private MessagePages() {}

    private static List<String> names(Object[] values) {
        return Stream.of(values).map(String::valueOf).toList();
    }

    static Screen list(Api api, Visit visit) {
        return page(api, visit, "listMessages", "/console/messages");
    }

    static Screen deadLetters(Api api, Visit visit) {
        DeadLettersSeen.remember(visit);
        return page(api, visit, "listDeadLetters", "/console/dead-letters/list");
    }

    private static Screen page(Api api, Visit visit, String operation, String path) {
        Map<String, String> given = visit.given(FILTERS);
        Map<String, String> asked = visit.shown(FILTERS);
        var data = new HashMap<String, Object>(Map.of("asked", asked, "states", STATES, "reasons", WAITS));
        data.putAll(Map.of("list", path, "older", "", "messages", List.of(), "more", visit.given("after")));
        data.put("newest", Visit.address(path, given));
        data.put("file", Visit.address(path.replaceFirst("/console(/[^/]*).*", "$1"), parameters(given, "")));
        data.put("again", Visit.address("/console/replays/new", given));
        var screen = Screen.of("messages", data);
        try {
            Map<String, String> parameters = parameters(given, visit.given("after"));
            parameters.put("limit", PAGE);
            JsonNode page = api.list(operation, parameters);
            data.put("messages", Json.list(page.path("messages")));
            if (page.has("next")) {
                data.put(
                        "older",
                        Visit.address(path, parameters(given, page.path("next").asText())));
            }
            return screen;
        } catch (Api.Refusal e) {
            if (e.faults().isEmpty()) {
                throw e;
            }
            return screen.refused(e, asked);
        }
    }

    private static Map<String, String> parameters(Map<String, String> given, String after) {
        var parameters = new LinkedHashMap<>(given);
        if (!after.isEmpty()) {
            parameters.put("after", after);
        }
        return parameters;
    }

    static Screen show(Api api, Visit visit) {
        JsonNode message = find(api, visit);
        var fields = new LinkedHashMap<String, String>();
        Message.ofView(message).properties().stream()
                .filter(field -> !SHOWN.contains(field.getKey()))
                .forEach(field -> fields.put(
                        field.getKey(),
                        field.getValue().isValueNode()
                                ? field.getValue().asText()
                                : field.getValue().toString()));
        return Screen.of(
                "message",
                Map.of(
                        "m",
                        message,
                        "conversation",
                        conversation(message),
                        "fields",
                        fields,
                        "risky",
                        mayHaveBeenSent(message),
                        "tries",
                        TRIED.contains(message.at("/waitingFor/reason").asText()),
                        "asks",
                        visit.given("ask"),
                        "discardedBy",
                        discardedBy(api, visit, message)));
    }

    /** Returns the page of the conversation; what hands an event on belongs to that of the account which got the event. */
    private static String conversation(JsonNode message) {
        String lane =
                message.path("vendor").asText() + "/" + message.path("account").asText();
        String from = message.path("from").asText() + "/";
        String id = message.path("conversationId").asText();
        boolean event = from.matches("[^/]+/[^/]+/") && id.startsWith(from);
        return "/console/conversations/"
                + (event ? from + Visit.encoded(id.substring(from.length())) : lane + "/" + Visit.encoded(id));
    }

    /** Shows the newest part of a conversation in its order, the first entry on top. */
    static Screen conversation(Api api, Visit visit) {
        var parameters = new LinkedHashMap<>(
                Map.of("vendor", visit.path("vendor"), "account", visit.path("account"), "limit", PAGE));
        parameters.put("conversation", visit.path("id"));
        if (!visit.given("after").isEmpty()) {
            parameters.put("after", visit.given("after"));
        }
        JsonNode page = visit.viewer().may("getConversation")
                ? timeline(api, visit)
                : outgoing(api.list("listMessages", parameters));
        parameters.keySet().removeAll(List.of("limit", "after"));
        return Screen.of(
                "conversation",
                Map.of(
                        "id",
                        visit.path("id"),
                        "timeline",
                        Json.list(page.path("timeline")),
                        "next",
                        page.path("next").asText(),
                        "list",
                        Visit.address("/console/messages", parameters)));
    }

    private static JsonNode timeline(Api api, Visit visit) {
        try {
            JsonNode page = api.get(
                    "getConversation",
                    Map.of(
                            "vendor",
                            visit.path("vendor"),
                            "account",
                            visit.path("account"),
                            "conversationId",
                            Visit.encoded(visit.path("id")),
                            Exchange.HTTP_QUERY,
                            Visit.query(parameters(Map.of("limit", PAGE), visit.given("after")))));
            page.findValues("attachments").forEach(each -> each.forEach(MessagePages::link));
            return page;
        } catch (Api.Refusal e) {
            if (e.status() != 404) {
                throw e;
            }
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** A vendor's address may be anything; a browser follows only those of the web. */
    private static void link(JsonNode attachment) {
        if (attachment.path("url").asText().matches("https?://.+")) {
            ((ObjectNode) attachment).set("link", attachment.path("url"));
        }
    }

    /** Makes a timeline for viewers who do not see what was said: of messages only. */
    private static JsonNode outgoing(JsonNode page) {
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        var timeline = made.putArray("timeline");
        page.path("messages").forEach(message -> timeline.insertObject(0).set("message", message));
        return page.has("next") ? made.set("next", page.path("next")) : made;
    }

    /** Returns who discarded a message, which the audit knows; nothing if the viewer may not read it, or for a cancelled batch. */
    private static String discardedBy(Api api, Visit visit, JsonNode message) {
        if (!message.has("discardedAt") || !visit.viewer().may("listAudit")) {
            return "";
        }
        String subject = "/messages/" + message.path("id").asText() + "/discard";
        return api.list("listAudit", Map.of("subject", subject, "limit", "1"))
                .at("/entries/0/who")
                .asText();
    }

    static Screen act(Api api, Visit visit) {
        String operation = visit.operation(OPERATIONS);
        String id = Visit.encoded(visit.path("id"));
        Map<String, String> headers = Map.of("id", id);
        if (operation.equals("replayMessage")) {
            requireConsent(find(api, visit), visit);
            headers = replay(id);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        List<String> asked =
                operation.equals("resolveMessage") ? List.of("reason", "conversationId") : List.of("reason");
        visit.given(asked).forEach(body::put);
        api.post(operation, headers, body);
        return Screen.at(Visit.address("/console/messages/" + id, Map.of("done", operation)));
    }

    private static JsonNode find(Api api, Visit visit) {
        return api.get("getMessage", Map.of("id", Visit.encoded(visit.path("id"))));
    }

    /** Returns the headers of a call that sends a message again, after the viewer's consent. */
    static Map<String, String> replay(String id) {
        return Map.of("id", id, Exchange.HTTP_QUERY, "includeMaybeSent=true");
    }

    static boolean mayHaveBeenSent(JsonNode message) {
        return message.path("state").asText().equals("uncertain")
                || message.at("/failure/mayHaveBeenSent").asBoolean()
                || message.has("fallback");
    }

    /**
     * Refuses to send a message again that may have been sent already, unless the viewer has seen that. A page that was opened
     * before the message became uncertain does not ask.
     */
    static void requireConsent(JsonNode message, Visit visit) {
        if (mayHaveBeenSent(message) && visit.given(CONSENT).isEmpty()) {
            throw new Api.Refusal(409, "maybeTwice");
        }
    }
}
