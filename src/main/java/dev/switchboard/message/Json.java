package dev.switchboard.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** JSON as the store holds it and answers show it. */
public final class Json {

    /** Reads and writes it. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Makes an empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads what the store holds; a null node where it has nothing. */
    public static JsonNode parse(@Nullable String text) {
        try {
            return text == null ? MAPPER.nullNode() : MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds what is not JSON", e);
        }
    }

    /** Returns a time of milliseconds since 1970 as RFC 3339; null where there is none. */
    public static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** Removes the fields without a value. */
    public static ObjectNode withoutNulls(ObjectNode object) {
        object.properties()
                .removeIf(field -> field.getValue().isNull() || field.getValue().isMissingNode());
        return object;
    }
}
