package dev.switchboard.vendor;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor's {@code vendor.yaml} says.
 *
 * @param name the folder's name
 * @param title the name for people
 * @param settings what an account may set, by the setting's name
 * @param apis families of operations with one authentication and one fail-code table
 * @param operations what a message may ask for
 * @param inbound how the vendor calls the bus; null where it does not
 * @param gate how to ask whether anyone is available, for accounts that want it
 * @param sandbox how the vendor's stand-in behaves
 */
public record Vendor(
        String name,
        String title,
        Map<String, Setting> settings,
        Map<String, Api> apis,
        Map<String, Operation> operations,
        @Nullable Inbound inbound,
        @Nullable Gate gate,
        JsonNode sandbox) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY);

    private static final String INBOUND = "inbound.yaml";
    private static final TypeReference<LinkedHashMap<String, Setting>> SETTINGS = new TypeReference<>() {};

    /** Returns the mapper for the files of the route folder. */
    public static ObjectMapper yaml() {
        return YAML;
    }

    /** Reads the folders of all vendors. */
    public static List<Vendor> readAll(RouteFolder folder) {
        return folder.names("vendors/[^/]+/vendor\\.yaml").stream()
                .map(file -> read(folder, file.substring("vendors/".length(), file.lastIndexOf('/'))))
                .toList();
    }

    /**
     * Reads a vendor's folder.
     *
     * @throws IllegalArgumentException when the file contradicts itself; the text names file and place
     */
    static Vendor read(RouteFolder folder, String name) {
        String file = "vendors/" + name + "/vendor.yaml";
        try {
            ObjectNode tree = (ObjectNode) YAML.readTree(folder.bytes(file));
            JsonNode sandbox = tree.path("sandbox").deepCopy();
            tree.remove("sandbox");
            Description read = YAML.treeToValue(tree, Description.class);
            var settings = new LinkedHashMap<>(read.settings);
            if (read.inbound != null) {
                settings.putAll(YAML.readValue(folder.bytes(INBOUND), SETTINGS));
            }
            return new Vendor(name, read.title, settings, read.apis, read.operations, read.inbound, read.gate, sandbox)
                    .checked(folder.where(file));
        } catch (IOException | ClassCastException e) {
            throw new IllegalArgumentException(folder.where(file) + ": " + e.getMessage(), e);
        }
    }

    private Vendor checked(String file) {
        operations.forEach((operation, described) -> {
            if (!apis.containsKey(described.api)) {
                throw new IllegalArgumentException(file + ": operation " + operation + " names the api " + described.api
                        + ", which does not exist");
            }
        });
        apis.values().forEach(api -> {
            if (api.oauth != null) {
                api.oauth.check(file, settings);
            }
            if (api.signature != null) {
                api.signature.check(file, settings);
            }
        });
        if (gate != null
                && !(operations.containsKey(gate.operation)
                        && operations.keySet().containsAll(gate.holds)
                        && !gate.holds.contains(gate.operation))) {
            throw new IllegalArgumentException(file + ": gate: " + gate.operation + " and " + gate.holds
                    + " must be operations, and the first must not hold itself");
        }
        return this;
    }

    /** Returns the settings with which accounts log in: what is secret, and what an api needs to be called. */
    Set<String> credentials() {
        return settings.entrySet().stream()
                .filter(setting -> setting.getValue().secret() || needed(setting.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean needed(String setting) {
        return apis.values().stream().anyMatch(api -> api.needs().contains(setting));
    }

    record Description(
            String title,
            Map<String, Setting> settings,
            Map<String, Api> apis,
            Map<String, Operation> operations,
            @Nullable Inbound inbound,
            @Nullable Gate gate) {}

    /**
     * The vendor's own word on whether messages can be taken up now.
     *
     * @param operation is asked, without fields of its own; {@code available} in its result is false where no one is available
     * @param holds operations whose messages wait then
     */
    public record Gate(String operation, List<String> holds) {}

    /**
     * One setting of an account, or of the whole vendor.
     *
     * @param type {@code url}, {@code zone}, {@code base64}, {@code webhook-secret} or absent for text
     * @param bytes the lengths that a decoded {@code base64} value may have
     * @param scope {@code vendor} where it is set once for all accounts
     * @param fallback the default; a text, or an object that names another setting in {@code by} and a text for each of its values
     */
    @JsonIgnoreProperties(ignoreUnknown = false)
    public record Setting(
            @Nullable String description,
            @Nullable String type,
            List<Integer> bytes,
            List<String> values,
            @Nullable String pattern,
            @Nullable String scope,
            boolean secret,
            boolean optional,

            @JsonProperty("default") @Nullable JsonNode fallback) {

        /** Lists that the file leaves out are empty. */
        public Setting {
            bytes = bytes == null ? List.of() : bytes;
            values = values == null ? List.of() : values;
        }
    }

    /**
     * A family of operations.
     *
     * @param url the setting that holds its address
     * @param needs the settings without which an account has not got this api
     * @param broker whether it needs the broker
     * @param oauth how its access tokens are fetched; null where its route logs in by itself
     * @param signature how its requests are signed; null where they are not, or its route does it
     */
    public record Api(
            String url,
            List<String> needs,
            boolean broker,
            @Nullable OAuth oauth,
            @Nullable Signature signature) {}

    /**
     * What a message may ask for.
     *
     * @param api the api that does it
     * @param repeatable whether doing it twice does no harm
     * @param goneIsDone whether a conversation that is gone is what was asked for, where an earlier attempt may have done it
     * @param reads whether its result is what others said: a sender may read only conversations that it has sent to
     * @param inbound whether it hands on what vendors send; then no sender can ask for it
     * @param check class of an {@link OperationCheck}, for what a schema cannot say
     * @param message JSON Schema of the operation's own fields
     */
    public record Operation(
            String api,
            @Nullable String description,
            boolean repeatable,
            boolean goneIsDone,
            boolean reads,
            boolean inbound,
            @Nullable String check,
            ObjectNode message) {}
}
