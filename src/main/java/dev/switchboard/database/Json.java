package dev.switchboard.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** JSON as it is kept in a column. */
public final class Json {

    /** Reads and writes it. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Reads a column; a null node where it has nothing. */
    public static JsonNode parse(@Nullable String text) {
        try {
            return text == null ? MAPPER.nullNode() : MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds what is not JSON", e);
        }
    }
}
