package dev.switchboard.vendor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What an operator's files add to others, so that no one has to copy a file to change a line of it: {@code NAME.add.yaml} adds to the
 * data of {@code NAME.yaml}, and {@code ANY.steps.yaml} adds steps to routes and route templates.
 */
final class Additions {

    private static final String DATA = ".add.yaml";
    private static final String STEPS = ".steps.yaml";
    private static final String ROUTES = ".camel.yaml";

    /** What tells two fail codes of a table apart; a row for the same one replaces it. */
    private static final List<String> OF_A_ROW = List.of("code", "message", "operations", "has", "html");

    private final SortedMap<String, byte[]> files;
    private final ObjectMapper json = new ObjectMapper();

    private Additions(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    /**
     * Adds to files.
     *
     * @param files the contents by path; those that are added to are replaced
     * @param own where the operator's files are
     * @throws IllegalArgumentException when there is nothing to add to; the text names the operator's file
     */
    static void apply(SortedMap<String, byte[]> files, Map<String, Path> own) {
        var all = new Additions(files);
        own.forEach((name, path) -> {
            try {
                if (name.endsWith(DATA)) {
                    all.addData(name, path);
                } else if (name.endsWith(STEPS)) {
                    all.addSteps(name, path);
                }
            } catch (IOException e) {
                throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
            }
        });
    }

    private void addData(String name, Path path) throws IOException {
        String to = name.substring(0, name.length() - DATA.length()) + ".yaml";
        if (!files.containsKey(to) || to.endsWith(ROUTES)) {
            throw new IllegalArgumentException(path + " adds to routes/" + to + ", which "
                    + (to.endsWith(ROUTES)
                            ? "has routes: add a file of routes, or of steps (.steps.yaml)"
                            : "does not exist"));
        }
        JsonNode base = Vendor.yaml().readTree(files.get(to));
        keep(to, merge(base, Vendor.yaml().readTree(files.get(name)), ""));
    }

    /** JSON is YAML too, and leaves no doubt of what is a text. */
    private void keep(String name, JsonNode content) throws JsonProcessingException {
        files.put(name, json.writeValueAsBytes(content));
    }

    private static JsonNode merge(JsonNode base, JsonNode added, String field) {
        if (base instanceof ObjectNode into && added.isObject()) {
            added.properties().forEach(each -> {
                JsonNode before = into.path(each.getKey());
                into.set(each.getKey(), merge(before, each.getValue(), each.getKey()));
            });
            return into;
        }
        if (base instanceof ArrayNode list && added.isArray()) {
            added.forEach(each -> {
                remove(list, each, field);
                list.add(each);
            });
            return list;
        }
        return added;
    }

    private static void remove(ArrayNode list, JsonNode added, String field) {
        boolean rows = field.equals("codes") && added.isObject();
        var each = list.elements();
        while (each.hasNext()) {
            JsonNode one = each.next();
            if (rows ? condition(one).equals(condition(added)) : one.equals(added)) {
                each.remove();
            }
        }
    }

    private static List<String> condition(JsonNode row) {
        return OF_A_ROW.stream()
                .map(name -> row.path(name).isValueNode()
                        ? row.path(name).asText()
                        : row.path(name).toString())
                .toList();
    }

    /** A file of steps is a list of {@code before} or {@code after} with the id of a route or route template, and {@code steps}. */
    private void addSteps(String name, Path path) throws IOException {
        for (JsonNode each : Vendor.yaml().readTree(files.get(name))) {
            boolean first = each.has("before");
            String id = each.path(first ? "before" : "after").asText();
            if (!each.path("steps").isArray() || id.isEmpty()) {
                throw new IllegalArgumentException(
                        path + ": each entry has before or after with the id of a route, and a list of steps");
            }
            addSteps(id, first, each.path("steps"), path);
        }
    }

    private void addSteps(String id, boolean first, JsonNode added, Path path) throws IOException {
        for (String name :
                files.keySet().stream().filter(each -> each.endsWith(ROUTES)).toList()) {
            JsonNode file = Vendor.yaml().readTree(files.get(name));
            Optional<ArrayNode> found = StreamSupport.stream(file.spliterator(), false)
                    .flatMap(each -> Stream.of(each.path("route"), each.path("routeTemplate")))
                    .filter(each -> each.path("id").asText().equals(id))
                    .map(each -> each.at(each.has("from") ? "/from/steps" : "/route/from/steps"))
                    .filter(ArrayNode.class::isInstance)
                    .map(ArrayNode.class::cast)
                    .findFirst();
            if (found.isPresent()) {
                ArrayNode steps = found.get();
                int at = first ? 0 : steps.size();
                for (JsonNode step : added) {
                    steps.insert(at++, step);
                }
                keep(name, file);
                return;
            }
        }
        throw new IllegalArgumentException(path + ": there is no route and no route template " + id);
    }
}
