package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * A call with which a vendor tells the bus of an event of one kind.
 *
 * @param path what follows the address of the account; nothing by default
 * @param form whether the body is a form instead of JSON
 * @param body its template
 */
record Callback(String path, boolean form, JsonNode body) {

    /** A call without a path goes to the address itself. */
    Callback {
        path = path == null ? "" : path;
    }

    /** One call, ready to be made. */
    record Filled(String path, String type, String body) {}

    Filled fill(Values values) {
        JsonNode filled = values.tree(body);
        String where = values.text(path);
        return form
                ? new Filled(where, "application/x-www-form-urlencoded", fields(filled))
                : new Filled(where, "application/json", filled.toString());
    }

    private static String fields(JsonNode body) {
        return body.properties().stream()
                .map(field -> field.getKey() + "="
                        + URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
