package dev.switchboard.vendor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row of {@code transcript.yaml}: a wire key, our name of it and how its value is read. */
record Field(
        String wire,
        String name,
        Form as,
        Map<String, List<String>> codes,
        @Nullable String internal) {
    /** What is shown of a known code: its name in English, and the vendor's own word for it. */
    private static final List<String> NAMES = List.of("name", "label");

    enum Form {
        TEXT,
        TIME,
        CODE,
        PART,
        JSON
    }

    // The YAML leaves out what is usual.
    @JsonCreator
    Field(
            @JsonProperty("wire") String wire,
            @JsonProperty("name") String name,
            @JsonProperty("as") @Nullable String as,
            @JsonProperty("codes") @Nullable Map<String, List<String>> codes,
            @JsonProperty("internal") @Nullable String internal) {
        this(
                wire,
                name,
                Form.valueOf(Objects.requireNonNullElse(as, "text").toUpperCase(Locale.ROOT)),
                codes == null ? Map.of() : Map.copyOf(codes),
                internal);
    }

    /** Adds the decoded value to the object; false where the value has another form than the field. */
    boolean decode(JsonNode value, ZoneId zone, ObjectNode into) {
        if (as == Form.JSON) {
            into.set(name, value);
            return true;
        }
        if (value.isContainerNode()) {
            return false;
        }
        String text = value.asText();
        switch (as) {
            case TIME -> {
                return WireTime.isNone(text) || time(text, zone, into);
            }
            case CODE -> code(text, into);
            case PART -> into.withObject("/" + name).put(wire, text);
            default -> into.put(name, text);
        }
        return true;
    }

    private boolean time(String text, ZoneId zone, ObjectNode into) {
        Optional<String> time = WireTime.read(text, zone);
        time.ifPresent(found -> into.put(name, found));
        return time.isPresent();
    }

    private void code(String code, ObjectNode into) {
        ObjectNode pair = into.putObject(name).put("code", code);
        List<String> known = codes.getOrDefault(code, List.of());
        for (int i = 0; i < Math.min(known.size(), NAMES.size()); i++) {
            pair.put(NAMES.get(i), known.get(i));
        }
        if (code.equals(internal)) {
            into.put("internal", true);
        }
    }
}
