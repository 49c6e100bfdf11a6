package dev.switchboard.vendor.happytalk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Holds one part of {@code transcript.yaml} and decodes a wire object by it; wire keys that have no row are ignored. */
record FieldTable(List<Field> fields) {
    private static final String FILE = "/routes/vendors/happytalk/transcript.yaml";
    private static final ObjectMapper YAML = new YAMLMapper();

    static FieldTable of(String part) {
        List<Field> fields = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(FieldTable.class.getResourceAsStream(FILE), FILE)) {
            for (JsonNode row : YAML.readTree(in).path(part)) {
                fields.add(YAML.treeToValue(row, Field.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        return new FieldTable(List.copyOf(fields));
    }

    List<String> wireNames() {
        return fields.stream().map(Field::wire).toList();
    }

    ObjectNode decode(JsonNode wire, ZoneId zone) {
        ObjectNode decoded = JsonNodeFactory.instance.objectNode();
        ObjectNode unreadable = JsonNodeFactory.instance.objectNode();
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
