package dev.switchboard.vendor;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import java.io.IOException;

/** Reads JSON as Jackson does, but reports a number that no type can hold as not JSON, where Jackson fails with an internal error. */
final class NodeReader extends JsonDeserializer<JsonNode> {

    private final JsonDeserializer<? extends JsonNode> nodes = JsonNodeDeserializer.getDeserializer(JsonNode.class);

    @Override
    public JsonNode deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            return nodes.deserialize(parser, context);
        } catch (NumberFormatException e) {
            throw new JsonParseException(parser, "a number is too large", e);
        }
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
        return context.getNodeFactory().nullNode();
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
        return context.getNodeFactory().missingNode();
    }
}
