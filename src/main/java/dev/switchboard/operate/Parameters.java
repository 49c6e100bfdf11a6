package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Refused;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parameters of a query. The caller's headers are not parameters, and an unknown parameter is refused, not ignored. */
final class Parameters {

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * Reads a query.
     *
     * @param query the part of the address after the question mark
     * @throws Refused (400) when it has others than the known ones, or is not encoded well
     */
    Parameters(@Nullable String query, Set<String> known) {
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            if (!pair.isEmpty()) {
                values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
            }
        }
        refuseUnknown(known);
    }

    private Parameters() {}

    /**
     * Reads the same from a JSON object, in which a list gives a parameter several times.
     *
     * @throws Refused (400) when it has others than the known ones, or is no object
     */
    static Parameters of(JsonNode object, Set<String> known) {
        if (!object.isObject()) {
            throw Refused.because(400, "A filter is a JSON object.");
        }
        var parameters = new Parameters();
        object.properties().forEach(field -> {
            List<String> texts = parameters.values.computeIfAbsent(field.getKey(), any -> new ArrayList<>());
            if (field.getValue().isArray()) {
                field.getValue().forEach(each -> texts.add(each.asText()));
            } else if (!field.getValue().isNull()) {
                texts.add(field.getValue().asText());
            }
        });
        parameters.refuseUnknown(known);
        return parameters;
    }

    private void refuseUnknown(Set<String> known) {
        List<Fault> faults = values.keySet().stream()
                .filter(name -> !known.contains(name))
                .map(name -> Fault.of(name, "additionalProperties", "is not a parameter of this call"))
                .toList();
        if (!faults.isEmpty()) {
            throw Refused.notUnderstood(faults);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refused.because(400, "The query is not encoded well.");
        }
    }

    /** Returns the last value of a parameter; null where it is missing or empty. */
    @Nullable
    String get(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
    }

    void with(String name, Consumer<String> use) {
        String value = get(name);
        if (value != null) {
            use.accept(value);
        }
    }

    /**
     * Reads a whole number.
     *
     * @throws Refused (422) when it is none, or not within its limits
     */
    int number(String name, int fallback, int least, int most) {
        String value = get(name);
        if (value == null) {
            return fallback;
        }
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw Refused.invalid(name, "range", "must be a number from " + least + " to " + most);
        }
        return Integer.parseInt(value);
    }
}
