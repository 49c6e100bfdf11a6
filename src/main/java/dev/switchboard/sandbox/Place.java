package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a request a value stands. Written {@code header:NAME}, {@code body:/json/pointer}, {@code parameter:name}
 * (of the query or a form), {@code path:name}, {@code user} and {@code password} (of Basic authentication),
 * {@code json} (a body that is a JSON object) or {@code text} (the body as it came).
 */
record Place(String kind, String name) {

    private static final Set<String> NAMED = Set.of("header", "body", "parameter", "path");
    private static final Set<String> BARE = Set.of("user", "password", "json", "text");

    /** Reads the notation. Throws IllegalArgumentException for one that is not known. */
    static Place parse(String text) {
        int colon = text.indexOf(':');
        var place = colon < 0 ? new Place(text, "") : new Place(text.substring(0, colon), text.substring(colon + 1));
        if (!(colon < 0 ? BARE : NAMED).contains(place.kind)) {
            throw new IllegalArgumentException("\"" + text + "\" is neither a place in a request nor a known name");
        }
        return place;
    }

    /** Returns the text at this place; null if there is none. A JSON value that is not a string counts as none. */
    @Nullable
    String read(Request request) {
        return switch (kind) {
            case "header" -> request.header(name);
            case "parameter" -> request.parameter(name);
            case "path" -> request.segment(name);
            case "body" -> request.json().at(name).textValue();
            case "json" -> object(request.json());
            case "user" -> basic(request, true);
            case "password" -> basic(request, false);
            default -> request.text();
        };
    }

    /** Returns the name that a vendor's answer gives for it. */
    String field() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static @Nullable String object(JsonNode json) {
        return json.isObject() ? json.toString() : null;
    }

    private static @Nullable String basic(Request request, boolean user) {
        String header = request.header("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return null;
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        return colon < 0 ? null : user ? pair.substring(0, colon) : pair.substring(colon + 1);
    }
}
