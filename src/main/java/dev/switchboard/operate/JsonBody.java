package dev.switchboard.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Refused;
import dev.switchboard.vendor.MessageCheck;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The body of a request: a JSON object of known fields. */
final class JsonBody {

    /** A replay may name 10,000 messages. */
    private static final int MOST_TOKENS = 11_000;

    private static final int LONGEST_TEXT = 500;

    private final ObjectNode fields;

    /**
     * Reads a body; none is an empty object.
     *
     * @throws Refused (400) when it is not JSON object, (422) when it has other fields than the known ones
     */
    JsonBody(@Nullable String body, Set<String> known) {
        this.fields = read(body);
        List<Fault> faults = StreamSupport.stream(((Iterable<String>) fields::fieldNames).spliterator(), false)
                .filter(name -> !known.contains(name))
                .map(name -> Fault.of(name, "additionalProperties", "is not a field of this call"))
                .toList();
        if (!faults.isEmpty()) {
            throw Refused.invalid(faults);
        }
    }

    private static ObjectNode read(@Nullable String body) {
        try {
            JsonNode read = MessageCheck.strictJson(MOST_TOKENS).readTree(body == null || body.isBlank() ? "{}" : body);
            if (read instanceof ObjectNode object) {
                return object;
            }
            throw Refused.because(400, "The body is a JSON object.");
        } catch (JsonProcessingException e) {
            throw MessageCheck.notJson(e);
        }
    }

    ObjectNode json() {
        return fields;
    }

    /** Returns a text; null where it is missing or empty. */
    @Nullable
    String text(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.textValue().length() > LONGEST_TEXT) {
            throw Refused.invalid(name, "type", "must be a text of at most " + LONGEST_TEXT + " characters");
        }
        return value.textValue().isBlank() ? null : value.textValue();
    }

    /** Returns a required text. */
    String require(String name) {
        String text = text(name);
        if (text == null) {
            throw Refused.invalid(name, "required", "is missing");
        }
        return text;
    }

    boolean yes(String name) {
        JsonNode value = fields.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw Refused.invalid(name, "type", "must be true or false");
        }
        return value.asBoolean();
    }
}
