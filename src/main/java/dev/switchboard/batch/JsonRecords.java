package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.MessageCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
            boolean twice = e.getOriginalMessage().startsWith("Duplicate field");
            Place place = origin.place(bytes, at(e.getLocation(), bytes));
            // Never says what stands there: it may be anyone's text.
            return FileRecord.unreadable(
                    origin,
                    bytes,
                    twice
                            ? PlacedFault.of(place, "repeated", "has the same field twice")
                            : PlacedFault.of(place, "json", "is no JSON"));
        }
    }

    private JsonNode parse(byte[] bytes) throws IOException {
        return encoding == Encoding.UTF_8 ? json.readTree(bytes) : json.readTree(encoding.text(bytes, 0, bytes.length));
    }

    /** Returns where a field of a record stands; the record's beginning where the record has no such field. */
    Place place(FileRecord record, String field) {
        String name = field.replaceFirst("/.*", "");
        byte[] bytes = record.bytes();
        try (JsonParser parser = parser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String target = profile.names().columns().getOrDefault(parser.currentName(), parser.currentName());
                if (target.equals(name) || target.equals(field.replace('/', '.'))) {
                    return record.place(at(parser.currentTokenLocation(), bytes));
                }
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a record that has been read cannot be read again", e);
        }
        return record.place(0);
    }

    private JsonParser parser(byte[] bytes) throws IOException {
        return encoding == Encoding.UTF_8
                ? json.createParser(bytes)
                : json.createParser(encoding.text(bytes, 0, bytes.length));
    }

    private int at(@Nullable JsonLocation place, byte[] bytes) {
        if (place == null) {
            return 0;
        }
        if (place.getByteOffset() >= 0) {
            return (int) Math.min(bytes.length, place.getByteOffset());
        }
        String text = encoding.text(bytes, 0, bytes.length);
        int characters = (int) Math.max(0, Math.min(text.length(), place.getCharOffset()));
        return text.substring(0, characters).getBytes(encoding.charset()).length;
    }

    /** Gives the object the messages' names and the defaults. One name may stand for what another was, so all are taken out first. */
    private Optional<String> adapt(ObjectNode object) {
        var taken = new LinkedHashMap<String, JsonNode>();
        for (String name : profile.names().columns().keySet()) {
            JsonNode value = object.remove(name);
            if (value != null && !value.isNull()) {
                taken.put(name, value);
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
