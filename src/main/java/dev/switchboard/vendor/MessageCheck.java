package dev.switchboard.vendor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one check that every message passes, whichever way it comes in. Its schema is {@code message.schema.json} with
 * each operation's fields from the vendors' folders.
 */
public final class MessageCheck {

    private static final int MOST_TOKENS = 2_000;

    /** Jackson's words for a name that an object has twice; only a known name is repeated to the sender, others may be anything. */
    private static final Pattern TWICE = Pattern.compile("Duplicate field '(?:(\\w{1,64})|.*)'", Pattern.DOTALL);

    private final Vendors vendors;
    private final Map<String, OperationSchema> operations = new HashMap<>();

    /** Composes the schemas of all operations. */
    public MessageCheck(RouteFolder folder, Vendors vendors) {
        this.vendors = vendors;
        ObjectNode common = common(folder);
        vendors.all()
                .forEach(vendor -> vendor.operations().forEach((name, operation) -> {
                    if (!operation.inbound()) {
                        operations.put(
                                vendor.name() + "/" + name,
                                OperationSchema.compose(common, vendor.name(), name, operation));
                    }
                }));
    }

    private static ObjectNode common(RouteFolder folder) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(folder.bytes("message.schema.json"));
        } catch (IOException e) {
            throw new IllegalArgumentException(folder.where("message.schema.json") + ": " + e.getMessage(), e);
        }
    }

    /** Returns the fields that the messages of any operation may have. */
    public Set<String> fields() {
        var fields = new TreeSet<String>();
        operations
                .values()
                .forEach(operation ->
                        operation.document().path("properties").fieldNames().forEachRemaining(fields::add));
        return fields;
    }

    /**
     * Checks what came in and gives it its defaults.
     *
     * @return the message; it still has no id where none was given
     * @throws Refused (422) with every fault when it is no message
     */
    public Message check(JsonNode input) {
        if (!(input instanceof ObjectNode fields)) {
            throw Refused.because(400, "A message is a JSON object.");
        }
        ObjectNode json = fields.deepCopy();
        json.properties().removeIf(field -> field.getValue().isNull());
        requireTexts(json, "vendor", "operation");
        Vendor vendor = vendors.find(json.path("vendor").textValue())
                .filter(MessageCheck::takesMessages)
                .orElseThrow(() -> Refused.invalid(List.of(new Fault(
                        "vendor",
                        "enum",
                        names(vendors.all().stream()
                                .filter(MessageCheck::takesMessages)
                                .map(Vendor::name)
                                .toList()),
                        null,
                        "is not a vendor"))));
        OperationSchema operation = operation(vendor, json.path("operation").textValue());
        operation.addDefaults(json, name -> accountSetting(vendor, json, name));
        var message = new Message(json);
        Account account = vendors.account(vendor.name(), message.account()).orElse(null);
        var faults = new ArrayList<Fault>(operation.faults(json));
        accountFault(vendor, message, account).ifPresent(faults::add);
        if (message.conversationOf() != null && message.conversationOf().equals(message.text("id"))) {
            faults.add(Fault.of("conversationOf", "other", "is the message itself"));
        }
        if (!faults.isEmpty() || account == null) {
            throw Refused.invalid(faults);
        }
        operation.check(message, account.settings());
        return message;
    }

    /** Returns whether senders can ask for any of its operations. */
    private static boolean takesMessages(Vendor vendor) {
        return vendor.operations().values().stream().anyMatch(operation -> !operation.inbound());
    }

    /** Without these two fields, no other fault can be found. */
    private static void requireTexts(ObjectNode json, String... fields) {
        var faults = new ArrayList<Fault>();
        for (String field : fields) {
            JsonNode value = json.path(field);
            if (value.isMissingNode()) {
                faults.add(Fault.of(field, "required", "is missing"));
            } else if (!value.isTextual()) {
                faults.add(Fault.of(field, "type", "must be a text"));
            }
        }
        if (!faults.isEmpty()) {
            throw Refused.invalid(faults);
        }
    }

    private OperationSchema operation(Vendor vendor, String operation) {
        OperationSchema found = operations.get(vendor.name() + "/" + operation);
        if (found == null) {
            throw Refused.invalid(List.of(new Fault(
                    "operation",
                    "enum",
                    names(vendor.operations().keySet()),
                    null,
                    "is not an operation of " + vendor.title())));
        }
        return found;
    }

    private Optional<String> accountSetting(Vendor vendor, ObjectNode json, String setting) {
        return vendors.account(vendor.name(), json.path("account").asText())
                .map(account -> account.settings().get(setting))
                .filter(value -> !value.isEmpty());
    }

    private Optional<Fault> accountFault(Vendor vendor, Message message, @Nullable Account account) {
        if (account == null) {
            List<String> configured = names(vendors.accounts().stream()
                    .filter(each -> each.vendor().equals(vendor))
                    .map(Account::name)
                    .toList());
            return Optional.of(
                    new Fault("account", "configured", configured, null, "is not configured for " + vendor.title()));
        }
        String api = account.operation(message.operation()).api();
        return account.apis().contains(api)
                ? Optional.empty()
                : Optional.of(Fault.of(
                        "account",
                        "configured",
                        "has no settings for the api " + api + ", which " + message.operation() + " needs"));
    }

    private static List<String> names(Collection<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }

    /**
     * Makes the mapper of all routes. It reads strictly (no duplicate fields, nothing after the end) and writes plain UTF-8. It limits
     * the number of names and values, because thousands of them cost much more than a long text does.
     */
    public static ObjectMapper strictJson() {
        return strictJson(MOST_TOKENS);
    }

    /** As above, with other limits for names, values and brackets. */
    public static ObjectMapper strictJson(int mostTokens) {
        return new ObjectMapper(JsonFactory.builder()
                        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxTokenCount(mostTokens)
                                .build())
                        .build())
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .registerModule(new SimpleModule().addDeserializer(JsonNode.class, new NodeReader()));
    }

    /**
     * Reads a JSON text.
     *
     * @throws Refused (400) when it is not JSON; says where, never what the text is
     */
    public static JsonNode parse(ObjectMapper mapper, String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        }
    }

    /** Makes the refusal for a text that is not JSON. */
    public static Refused notJson(JsonProcessingException e) {
        var at = e.getLocation();
        String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        if (e instanceof StreamConstraintsException) {
            return Refused.because(
                    400,
                    "The JSON has too many names and values, is too deep, or holds a name or number that is too long"
                            + where + ".");
        }
        Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
        return Refused.because(
                400,
                twice.matches()
                        ? "The name" + (twice.group(1) == null ? "" : " " + twice.group(1))
                                + " stands twice in one object" + where + "."
                        : "That is not JSON" + where + ".");
    }
}
