package dev.switchboard.vendor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.message.Json;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Holds one part of {@code transcript.yaml} and decodes a wire object by it; wire keys that have no row are ignored. */
record FieldTable(List<Field> fields) {
    private static final ObjectMapper YAML =
            new YAMLMapper().enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY);

    static FieldTable of(JsonNode rows) throws JsonProcessingException {
        List<Field> fields = new ArrayList<>();
        for (JsonNode row : rows) {
            fields.add(YAML.treeToValue(row, Field.class));
        }
        return new FieldTable(List.copyOf(fields));
    }

    List<String> wireNames() {
        return fields.stream().map(Field::wire).toList();
    }

    ObjectNode decode(JsonNode wire, ZoneId zone) {
        ObjectNode decoded = Json.object();
        ObjectNode unreadable = Json.object();
        for (Field field : fields) {
            JsonNode value = wire.path(field.wire());
            if (Entries.isFilled(value) && !field.decode(value, zone, decoded)) {
                unreadable.set(field.as() == Field.Form.PART ? field.wire() : field.name(), value);
            }
        }
        if (!unreadable.isEmpty()) {
            decoded.set("unreadable", unreadable);
        }
        return decoded;
    }
}
