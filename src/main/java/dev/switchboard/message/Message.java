package dev.switchboard.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The internal, vendor-neutral request that comes in: a JSON object that has been checked and has its defaults. */
public final class Message {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What a view has in addition to the fields of its message. */
    private static final Set<String> OF_THE_VIEW = Set.of(
            ("state attempts failure result source replaces replacedBy fallback fallbackOf acceptedAt finishedAt dueAt waitingFor"
                            + " reason discardedAt laterSent")
                    .split(" "));

    private final @Nullable String text;
    private volatile @Nullable ObjectNode json;

    private Message(@Nullable String text, @Nullable ObjectNode json) {
        this.text = text;
        this.json = json;
    }

    /** Takes the fields of the contract, {@code id} among them. */
    public Message(ObjectNode json) {
        this(null, json);
    }

    /** Takes a message as it is stored; it is parsed when a field is asked for, by that thread. */
    public static Message kept(String text) {
        return new Message(text, null);
    }

    /**
     * Returns its fields.
     *
     * @throws UncheckedIOException when what was kept is not JSON
     */
    public ObjectNode json() {
        ObjectNode known = json;
        if (known == null) {
            known = read(Objects.requireNonNull(text));
            json = known;
        }
        return known;
    }

    private static ObjectNode read(String text) {
        try {
            return MAPPER.readValue(text, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the store holds a message that is not JSON", e);
        }
    }

    /** Returns the message that a view shows, without its id, to be edited and sent instead. */
    public static ObjectNode ofView(JsonNode view) {
        ObjectNode message = view.deepCopy();
        message.remove(OF_THE_VIEW);
        message.remove("id");
        if (message.has("conversationId")) {
            message.remove("conversationOf");
        }
        return message;
    }

    public String id() {
        return json().path("id").asText();
    }

    public String vendor() {
        return json().path("vendor").asText();
    }

    public String account() {
        return json().path("account").asText();
    }

    public String operation() {
        return json().path("operation").asText();
    }

    /** Returns the lane that the message belongs to: {@code vendor/account}. */
    public String lane() {
        return vendor() + "/" + account();
    }

    public @Nullable String conversationId() {
        return text("conversationId");
    }

    /** Returns the id of the message whose conversation this one is for, where that began none yet. */
    public @Nullable String conversationOf() {
        return text("conversationOf");
    }

    public @Nullable Instant notBefore() {
        return instant("notBefore");
    }

    public @Nullable Instant expiresAt() {
        return instant("expiresAt");
    }

    /** Returns the value of a field as text, or null where the message has none. */
    public @Nullable String text(String field) {
        return json().hasNonNull(field) ? json().path(field).asText() : null;
    }

    private @Nullable Instant instant(String field) {
        String text = text(field);
        return text == null ? null : Timestamp.parse(text);
    }

    /** Returns SHA-256 (hex) over all fields but the id, in a fixed order: two messages with one id are the same if their hashes are. */
    public String hash() {
        var fields = new TreeMap<String, JsonNode>();
        json().properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        fields.remove("id");
        var text = new StringBuilder();
        fields.forEach((name, value) -> {
            text.append(name).append('=');
            canonical(value, text);
            text.append('\n');
        });
        return Sha256.hex(text.toString());
    }

    private static void canonical(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            var sorted = new TreeMap<String, String>();
            value.properties().forEach(field -> {
                var inner = new StringBuilder();
                canonical(field.getValue(), inner);
                sorted.put(field.getKey(), inner.toString());
            });
            text.append(sorted);
        } else if (value.isTextual()) {
            text.append('"');
            JsonStringEncoder.getInstance().quoteAsString(value.textValue(), text);
            text.append('"');
        } else {
            text.append(value);
        }
    }
}
