package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Message;
import dev.switchboard.message.Timestamp;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The schema of one operation's messages: the common fields and its own, and no others. */
final class OperationSchema {

    /** More than any object of a message has. */
    private static final int MOST_PARTS = 64;

    private static final String FROM_SETTING = "fromSetting";
    private static final String TIME = "must be a time as in RFC 3339, such as 2026-01-31T09:00:00Z";

    private final JsonSchema schema;
    private final ObjectNode document;
    private final OperationCheck check;
    private final Map<String, JsonNode> defaults = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> times = new ArrayList<>();

    private OperationSchema(ObjectNode document, OperationCheck check) {
        this.document = document;
        this.check = check;
        document.path("properties").properties().forEach(property -> {
            if (property.getValue().path("format").asText().equals("date-time")) {
                times.add(property.getKey());
            }
            JsonNode fallback = property.getValue().path("default");
            if (!fallback.isMissingNode()) {
                defaults.put(property.getKey(), fallback);
            }
            if (property.getValue() instanceof ObjectNode described && described.has(FROM_SETTING)) {
                settings.put(property.getKey(), described.remove(FROM_SETTING).asText());
            }
        });
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        this.schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(withoutTimes(), config);
        schema.initializeValidators();
    }

    private ObjectNode withoutTimes() {
        ObjectNode checked = document.deepCopy();
        times.forEach(field -> ((ObjectNode) checked.path("properties").path(field)).remove("format"));
        return checked;
    }

    static OperationSchema compose(ObjectNode common, String vendor, String name, Vendor.Operation operation) {
        ObjectNode all = common.deepCopy();
        ObjectNode own = operation.message().deepCopy();
        ObjectNode properties = (ObjectNode) all.get("properties");
        properties.putObject("vendor").put("const", vendor);
        properties.putObject("operation").put("const", name);
        own.path("properties").properties().forEach(property -> properties.set(property.getKey(), property.getValue()));
        List<String> required = new ArrayList<>();
        own.path("required").forEach(field -> required.add(field.asText()));
        own.remove(List.of("properties", "required"));
        all.setAll(own);
        if (required.remove("conversationId")) {
            all.withArray("allOf").addObject().put("$ref", "#/$defs/ofAConversation");
        } else {
            properties.remove("conversationOf");
        }
        required.forEach(all.withArray("required")::add);
        all.put("additionalProperties", false);
        return new OperationSchema(all, OperationCheck.of(operation));
    }

    /** Returns the composed JSON Schema. */
    ObjectNode document() {
        return document;
    }

    /** Checks what the schema cannot say. */
    void check(Message message, Settings settings) {
        check.check(message, settings);
    }

    /** Fills in what the message leaves out: the schema's defaults, the account among them, then that account's settings. */
    void addDefaults(ObjectNode json, Function<String, Optional<String>> setting) {
        defaults.forEach((field, value) -> {
            if (!json.has(field)) {
                json.set(field, value);
            }
        });
        settings.forEach((field, name) -> {
            if (!json.has(field)) {
                setting.apply(name).ifPresent(value -> json.put(field, value));
            }
        });
    }

    List<Fault> faults(ObjectNode json) {
        var faults = new ArrayList<Fault>();
        addTooMany("", json, faults);
        if (!faults.isEmpty()) {
            // to name each of them would cost more than to send them
            return faults;
        }
        for (ValidationMessage message : schema.validate(json)) {
            faults.add(fault(json, message));
        }
        times.forEach(field -> addUnreadableTime(field, json.path(field), faults));
        Characters.check("", json, faults);
        faults.sort(Comparator.comparing(Fault::field).thenComparing(Fault::rule));
        return faults;
    }

    private static void addTooMany(String at, JsonNode node, List<Fault> faults) {
        if (node.size() > MOST_PARTS) {
            faults.add(new Fault(
                    at,
                    node.isArray() ? "maxItems" : "maxProperties",
                    MOST_PARTS,
                    node.size(),
                    "has " + node.size() + " parts, at most " + MOST_PARTS + " are read"));
            return;
        }
        node.properties()
                .forEach(field -> addTooMany(
                        at.isEmpty() ? field.getKey() : at + "/" + field.getKey(), field.getValue(), faults));
    }

    /** Replaces the schema library's check of {@code date-time}, which refuses some times that RFC 3339 allows. */
    private static void addUnreadableTime(String field, JsonNode value, List<Fault> faults) {
        if (!value.isTextual()
                || faults.stream().anyMatch(fault -> fault.field().equals(field))) {
            return;
        }
        try {
            Timestamp.parse(value.textValue());
        } catch (DateTimeException e) {
            faults.add(Fault.of(field, "format", TIME));
        }
    }

    private static Fault fault(ObjectNode json, ValidationMessage message) {
        String at = message.getInstanceLocation().toString().replaceFirst("^/", "");
        String rule = message.getType();
        String property = message.getProperty();
        String field = property == null ? at : at.isEmpty() ? property : at + "/" + property;
        JsonNode value = json.at(field.isEmpty() ? "" : "/" + field);
        return switch (rule) {
            case "required" -> Fault.of(field, rule, "is missing");
            case "additionalProperties" -> Fault.of(field, "unknown", "is not a field of this operation");
            case "false" -> Fault.of(field, "unused", "is not used by a message of this kind");
            case "maxLength", "minLength" ->
                new Fault(field, rule, limit(message), length(value), lengthSays(rule, message, value));
            case "format" -> Fault.of(field, rule, TIME);
            default -> new Fault(field, rule, limit(message), length(value), says(rule, message));
        };
    }

    private static @Nullable Object limit(ValidationMessage message) {
        JsonNode node = message.getSchemaNode();
        return node == null || node.isObject() ? null : node;
    }

    private static @Nullable Integer length(JsonNode value) {
        return value.isTextual()
                ? value.textValue().codePointCount(0, value.textValue().length())
                : null;
    }

    private static String lengthSays(String rule, ValidationMessage message, JsonNode value) {
        String limit = String.valueOf(limit(message));
        String be = limit.equals("1") ? " is " : " are ";
        return "has " + length(value) + (Integer.valueOf(1).equals(length(value)) ? " character, " : " characters, ")
                + (rule.equals("maxLength")
                        ? "at most " + limit + be + "allowed"
                        : "at least " + limit + be + "needed");
    }

    private static String says(String rule, ValidationMessage message) {
        Object limit = limit(message);
        return switch (rule) {
            case "enum" -> "must be one of " + limit;
            case "type" -> "must be of type " + limit;
            case "pattern" -> "must match " + limit;
            case "not" -> "is not allowed here";
            default -> "breaks the rule " + rule + (limit == null ? "" : " " + limit);
        };
    }
}
