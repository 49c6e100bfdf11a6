package dev.switchboard.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.charset.Encoding;
import dev.switchboard.vendor.MessageCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes records of JSON texts. */
final class JsonRecords {

    private final ObjectReader json = MessageCheck.strictJson().reader();
    private final Profile profile;
    private final Encoding encoding;
    private final Filling filling;

    JsonRecords(Profile profile, Encoding encoding) {
        this.profile = profile;
        this.encoding = encoding;
        this.filling = new Filling(profile.defaults());
    }

    FileRecord record(FileRecord.Origin origin, byte[] bytes) throws IOException {
        int fault = encoding.fault(bytes, 0, bytes.length);
        if (fault >= 0) {
            return FileRecord.malformed(origin, bytes, fault);
        }
        try {
            JsonNode read = parse(bytes);
            Optional<String> wrong = read instanceof ObjectNode object ? adapt(object) : Optional.empty();
            return wrong.map(each -> FileRecord.unreadable(
                            origin, bytes, PlacedFault.of(origin.place(bytes, 0), "repeated", each)))
                    .orElseGet(() -> FileRecord.of(origin, bytes, read));
        } catch (JsonProcessingException e) {
            return FileRecord.unreadable(origin, bytes, fault(origin, bytes));
        }
    }

    /** Reads what is not JSON again as text, so that places count characters, not bytes. */
    private PlacedFault fault(FileRecord.Origin origin, byte[] bytes) throws IOException {
        String text = encoding.text(bytes, 0, bytes.length);
        try {
            json.readTree(text);
            return PlacedFault.of(origin.place(bytes, 0), "json", "is not JSON");
        } catch (JsonProcessingException e) {
            int at = JsonFault.at(e, text);
            return JsonFault.of(e, text.substring(0, at))
                    .placed(origin.place(bytes, length(text, at)), text.substring(at));
        }
    }

    private JsonNode parse(byte[] bytes) throws IOException {
        return encoding == Encoding.UTF_8 ? json.readTree(bytes) : json.readTree(encoding.text(bytes, 0, bytes.length));
    }

    /** Returns the place of a field of a record; the record's beginning if it has no such field. */
    Place place(FileRecord record, String field) {
        String name = field.replaceFirst("/.*", "");
        byte[] bytes = record.bytes();
        String text = encoding.text(bytes, 0, bytes.length);
        try (JsonParser parser = json.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String known = profile.names().known(parser.currentName());
                String target = profile.names().columns().getOrDefault(known, known);
                if (target.equals(name) || target.equals(field.replace('/', '.'))) {
                    return record.place(
                            length(text, (int) parser.currentTokenLocation().getCharOffset()));
                }
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a record that has been read cannot be read again", e);
        }
        return record.place(0);
    }

    private int length(String text, int characters) {
        return text.substring(0, characters).getBytes(encoding.charset()).length;
    }

    /** Renames the object's fields and adds the defaults. Names may be swapped, so all fields are taken out first. */
    private Optional<String> adapt(ObjectNode object) {
        var taken = new TreeMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> each : List.copyOf(object.properties())) {
            String name = profile.names().known(each.getKey());
            if (profile.names().columns().containsKey(name)) {
                object.remove(each.getKey());
                if (!each.getValue().isNull()) {
                    taken.put(name, each.getValue());
                }
            }
        }
        for (Map.Entry<String, JsonNode> each : taken.entrySet()) {
            String target = profile.names().columns().getOrDefault(each.getKey(), each.getKey());
            if (!filling.put(object, target, each.getValue())) {
                return Optional.of("has both " + each.getKey() + " and " + target);
            }
        }
        filling.fill(object);
        return Optional.empty();
    }
}
