package dev.switchboard.vendor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One case of a file {@code routes/vendors/<vendor>/contract/<operation>.<topic>.yaml}: a message, the vendor's answers,
 * the requests that it must see and the outcome. In a file with {@code cases} each is laid over what all have in common.
 * Each case has an account of its own, so that none meets another's circuit, order or connection.
 *
 * @param vendor the vendor's folder
 * @param name file and case, for people
 * @param spec what the file says of the case; {@code {vendor}} stands for the fake vendor's address
 */
public record Scenario(String vendor, String name, JsonNode spec) {

    private static final String ACCOUNT = "account.yaml";

    /** Reads the cases of all vendors. */
    public static List<Scenario> readAll(RouteFolder folder) {
        return folder.names("vendors/[^/]+/contract/(?!inbound\\.)[^/.]+\\.[^/]+\\.yaml").stream()
                .flatMap(file -> read(folder, file))
                .toList();
    }

    private static Stream<Scenario> read(RouteFolder folder, String file) {
        String vendor = file.split("/", -1)[1];
        String topic = file.substring(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
        ObjectNode common = yaml(folder, file);
        JsonNode cases = common.path("cases").deepCopy();
        common.remove("cases");
        ObjectNode account = yaml(folder, "vendors/" + vendor + "/contract/" + ACCOUNT);
        common.set("settings", merged(account, common.path("settings")));
        if (cases.isMissingNode()) {
            return Stream.of(new Scenario(vendor, topic, common));
        }
        var all = new ArrayList<Scenario>();
        cases.forEach(each ->
                all.add(new Scenario(vendor, topic + " " + each.path("name").asText(), merged(common, each))));
        return all.stream();
    }

    private static ObjectNode yaml(RouteFolder folder, String file) {
        try {
            return (ObjectNode) Vendor.yaml().readTree(folder.bytes(file));
        } catch (IOException | ClassCastException e) {
            throw new IllegalArgumentException("routes/" + file + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode merged(ObjectNode below, JsonNode above) {
        ObjectNode all = below.deepCopy();
        above.properties().forEach(field -> {
            boolean deeper =
                    all.path(field.getKey()).isObject() && field.getValue().isObject();
            JsonNode value = deeper ? merged((ObjectNode) all.get(field.getKey()), field.getValue()) : field.getValue();
            all.set(field.getKey(), value);
        });
        return all;
    }

    /** Returns the case played against the fake vendor at an address. */
    Scenario at(String url) {
        try {
            return new Scenario(
                    vendor,
                    name,
                    Vendor.yaml()
                            .readTree(spec.toString().replace("{vendor}", url).replace("{account}", account())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the name of the case's own account. */
    public String account() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
    }

    /** Returns the account's settings by their full names. */
    Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        spec.path("settings")
                .properties()
                .forEach(each -> settings.put(
                        "switchboard.vendors." + vendor + ".accounts." + account() + "." + each.getKey(),
                        each.getValue().asText()));
        return settings;
    }

    /** Returns the message, addressed to the case's own account. */
    ObjectNode message() {
        ObjectNode message = spec.path("message").deepCopy();
        return message.put("vendor", vendor).put("account", account());
    }

    /** Returns what is asked for. */
    public String operation() {
        return spec.path("message").path("operation").asText();
    }

    /** Returns what each request must look like, or a list with one entry for each. */
    JsonNode request() {
        return spec.path("request");
    }

    JsonNode outcome() {
        return spec.path("outcome");
    }

    /** Returns what the vendor does, in order. */
    public List<Answer> answers() {
        var answers = new ArrayList<Answer>();
        spec.path("answers").forEach(each -> answers.add(answer(each)));
        return answers;
    }

    boolean refused() {
        return answers().stream().anyMatch(answer -> answer.fault() == Fault.REFUSE);
    }

    private static Answer answer(JsonNode spec) {
        var headers = new TreeMap<>(Map.of("Content-Type", "application/json"));
        spec.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return new Answer(
                spec.path("status").asInt(200),
                headers,
                body(spec),
                Optional.ofNullable(spec.get("fault"))
                        .map(fault -> Fault.valueOf(
                                fault.asText().toUpperCase(Locale.ROOT).replace('-', '_')))
                        .orElse(Fault.NONE));
    }

    /** As many blanks as {@code padding} says, then the text. */
    private static String body(JsonNode spec) {
        return " ".repeat(spec.path("padding").asInt()) + spec.path("body").asText();
    }

    @Override
    public String toString() {
        return vendor + " " + name;
    }
}
