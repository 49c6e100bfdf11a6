package dev.switchboard.vendor.happytalk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the customer api's answer into a transcript with the names of {@code transcript.yaml}.
 *
 * <pre>{@code
 * {"conversationId":"…", "title":"…", "openedAt":"2022-05-26T10:26:31+09:00", "status":{"code":"2","name":"completed"}, …,
 *  "parameters":{"parameter1":"…"}, "messages":[{"id":"…","kind":{"code":"C","name":"message"},"content":"…",…}]}
 * }</pre>
 *
 * <ul>
 *   <li>Empty strings, nulls and zero dates are absent; an unknown code has no {@code name}.
 *   <li>No chat in {@code data}: {@code {"conversationId":<asked>,"messages":[]}}.
 *   <li>One chat: that one, with the id that it bears, or the id asked for where it bears none.
 *   <li>More than one chat (undocumented): the one asked for, or else the first; the others, of the same shape, follow under
 *       {@code otherConversations}.
 *   <li>A value that cannot be read (a time that is none, an object where a text belongs) is kept as it came under
 *       {@code unreadable}, by its field's name, so that a field's form can be relied on and nothing is lost.
 * </ul>
 */
public final class TranscriptDecoder {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final FieldTable chat = FieldTable.of("chat");
    private final FieldTable message = FieldTable.of("message");

    /**
     * Decodes an answer that was judged a success.
     *
     * @param answer the whole answer; its {@code data} may be an object, an array, empty or missing
     * @param asked the id of the room that was asked for
     * @param settings the account's settings; {@code zone} is that of the answer's times
     * @throws IllegalArgumentException where the answer is no JSON object or its {@code data} is a bare text or number
     */
    public ObjectNode decode(
            @Body @Nullable JsonNode answer,
            @ExchangeProperty("conversationId") String asked,
            @ExchangeProperty("settings") Map<String, String> settings) {
        if (answer == null || !answer.isObject()) {
            throw new IllegalArgumentException("the transcript's answer is not a JSON object");
        }
        String zone = settings.getOrDefault("zone", "");
        return arrange(conversations(answer.path("data"), ZoneId.of(zone.isEmpty() ? "Asia/Seoul" : zone)), asked);
    }

    private List<ObjectNode> conversations(JsonNode data, ZoneId zone) {
        if (data.isNumber()
                || (data.isTextual() && !data.textValue().isBlank())
                || (data.isBoolean() && data.booleanValue())) {
            throw new IllegalArgumentException(
                    "the transcript's data is a " + data.getNodeType() + ", not an object or an array");
        }
        List<ObjectNode> conversations = new ArrayList<>();
        for (JsonNode entry : Entries.of(data, "chat", "message")) {
            if (entry.isObject()) {
                conversations.add(conversation(entry, zone));
            }
        }
        return conversations;
    }

    private ObjectNode conversation(JsonNode entry, ZoneId zone) {
        ObjectNode conversation = chat.decode(first(entry.path("chat")), zone);
        var messages = JSON.arrayNode();
        var unreadable = JSON.arrayNode();
        for (JsonNode one : Entries.of(entry.path("message"), message.wireNames())) {
            (one.isObject() ? messages : unreadable).add(one.isObject() ? message.decode(one, zone) : one);
        }
        conversation.set("messages", messages);
        if (!unreadable.isEmpty()) {
            conversation.withObject("/unreadable").set("messages", unreadable);
        }
        return conversation;
    }

    private JsonNode first(JsonNode chats) {
        List<JsonNode> entries = Entries.of(chats, chat.wireNames());
        return entries.isEmpty() ? JSON.objectNode() : entries.get(0);
    }

    private static ObjectNode arrange(List<ObjectNode> conversations, String asked) {
        ObjectNode transcript = JSON.objectNode().put("conversationId", asked);
        if (conversations.isEmpty()) {
            transcript.putArray("messages");
            return transcript;
        }
        transcript.setAll(conversations.remove(indexOf(asked, conversations)));
        if (!conversations.isEmpty()) {
            transcript.putArray("otherConversations").addAll(conversations);
        }
        return transcript;
    }

    private static int indexOf(String asked, List<ObjectNode> conversations) {
        for (int i = 0; i < conversations.size(); i++) {
            if (asked.equals(conversations.get(i).path("conversationId").asText())) {
                return i;
            }
        }
        return 0;
    }
}
