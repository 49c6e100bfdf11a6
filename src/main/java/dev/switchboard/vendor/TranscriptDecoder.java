package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.message.Json;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a vendor's answer {@code {"data":[{"chat":{…},"message":[{…}]}]}} into a transcript with the names of the
 * {@code transcript.yaml} in its folder.
 *
 * <pre>{@code
 * {"conversationId":"…", "title":"…", "openedAt":"2022-05-26T10:26:31+09:00", "status":{"code":"2","name":"completed","label":"완료"}, …,
 *  "parameters":{"parameter1":"…"}, "messages":[{"id":"…","kind":{"code":"C","name":"message"},"content":"…",…}]}
 * }</pre>
 *
 * <ul>
 *   <li>Empty strings, nulls and zero dates are absent; an unknown code has no {@code name}. A {@code label} is the vendor's own word.
 *   <li>No chat in {@code data}: {@code {"conversationId":<asked>,"messages":[]}}.
 *   <li>One chat: that one, with the id that it bears, or the id asked for where it bears none.
 *   <li>More than one chat (undocumented): the one asked for, or else the first; the others, of the same shape, follow under
 *       {@code otherConversations}.
 *   <li>Where the file has no part {@code message}, messages are passed on as they came.
 *   <li>A value that cannot be read (a time that is none, an object where a text belongs) is kept as it came under
 *       {@code unreadable}, by its field's name, so that a field's form can be relied on and nothing is lost.
 * </ul>
 */
@Singleton
@Named("transcript")
public final class TranscriptDecoder {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final ObjectMapper YAML = new YAMLMapper();

    private record Tables(FieldTable chat, FieldTable message) {}

    private final RouteFolder folder;
    private final Map<String, Tables> tables = new ConcurrentHashMap<>();

    /** Makes a decoder that reads the vendors' tables when it needs them. */
    public TranscriptDecoder(RouteFolder folder) {
        this.folder = folder;
    }

    private Tables tables(String vendor) {
        return tables.computeIfAbsent(vendor, this::read);
    }

    private Tables read(String vendor) {
        String file = "vendors/" + vendor + "/transcript.yaml";
        try {
            JsonNode parts = YAML.readTree(folder.bytes(file));
            return new Tables(FieldTable.of(parts.path("chat")), FieldTable.of(parts.path("message")));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(folder.where(file) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Decodes an answer that was judged a success.
     *
     * @param answer the whole answer; its {@code data} may be an object, an array, empty or missing
     * @param asked the id of the conversation that was asked for
     * @param vendor the vendor whose answer it is
     * @param settings the account's settings; {@code zone} is that of the answer's times
     * @throws IllegalArgumentException where the answer is not JSON object or its {@code data} is a bare text or number
     */
    public ObjectNode decode(
            @Body @Nullable JsonNode answer,
            @ExchangeProperty("conversationId") String asked,
            @ExchangeProperty("vendor") String vendor,
            @ExchangeProperty("settings") Map<String, String> settings) {
        return arrange(conversations(answer, vendor, settings), asked);
    }

    /**
     * Decodes an answer with any number of conversations: {@code {"transcripts":[…]}}, each as {@link #decode} gives one.
     *
     * @throws IllegalArgumentException as there
     */
    public ObjectNode decodeAll(
            @Body @Nullable JsonNode answer,
            @ExchangeProperty("vendor") String vendor,
            @ExchangeProperty("settings") Map<String, String> settings) {
        ObjectNode all = Json.object();
        all.putArray("transcripts").addAll(conversations(answer, vendor, settings));
        return all;
    }

    private List<ObjectNode> conversations(@Nullable JsonNode answer, String vendor, Map<String, String> settings) {
        if (answer == null || !answer.isObject()) {
            throw new IllegalArgumentException("the transcript's answer is not a JSON object");
        }
        JsonNode data = answer.path("data");
        if (data.isNumber()
                || (data.isTextual() && !data.textValue().isBlank())
                || (data.isBoolean() && data.booleanValue())) {
            throw new IllegalArgumentException(
                    "the transcript's data is a " + data.getNodeType() + ", not an object or an array");
        }
        String zone = settings.getOrDefault("zone", "");
        ZoneId known = ZoneId.of(zone.isEmpty() ? "UTC" : zone);
        Tables table = tables(vendor);
        List<ObjectNode> conversations = new ArrayList<>();
        for (JsonNode entry : Entries.of(data, "chat", "message")) {
            if (entry.isObject()) {
                conversations.add(conversation(entry, table, known));
            }
        }
        return conversations;
    }

    private static ObjectNode conversation(JsonNode entry, Tables table, ZoneId zone) {
        FieldTable message = table.message;
        ObjectNode conversation = table.chat.decode(first(entry.path("chat"), table.chat), zone);
        var messages = JSON.arrayNode();
        var unreadable = JSON.arrayNode();
        for (JsonNode one : Entries.of(entry.path("message"), message.wireNames())) {
            boolean known = one.isObject() && !message.fields().isEmpty();
            (one.isObject() ? messages : unreadable).add(known ? message.decode(one, zone) : one);
        }
        conversation.set("messages", messages);
        if (!unreadable.isEmpty()) {
            conversation.withObject("/unreadable").set("messages", unreadable);
        }
        return conversation;
    }

    private static JsonNode first(JsonNode chats, FieldTable chat) {
        List<JsonNode> entries = Entries.of(chats, chat.wireNames());
        return entries.isEmpty() ? Json.object() : entries.get(0);
    }

    private static ObjectNode arrange(List<ObjectNode> conversations, String asked) {
        ObjectNode transcript = Json.object().put("conversationId", asked);
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
