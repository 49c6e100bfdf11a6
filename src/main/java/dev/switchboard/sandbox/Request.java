package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.Headers;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request, read whole. */
final class Request {

    private final String method;
    private final String path;
    private final Headers headers;
    private final byte[] body;
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> segments;
    private final JsonNode json;

    /**
     * Takes what came in.
     *
     * @param path as on the wire, from behind the vendor's prefix on
     * @param query as on the wire
     */
    Request(String method, String path, @Nullable String query, Headers headers, byte[] body) {
        this(method, path, headers, body, Map.of(), json(body));
        readParameters(query);
        if (isForm()) {
            readParameters(text());
        }
    }

    private Request(
            String method, String path, Headers headers, byte[] body, Map<String, String> segments, JsonNode json) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
        this.segments = segments;
        this.json = json;
    }

    /** Returns the same request with the values that the operation's path pattern names. */
    Request with(Map<String, String> named) {
        var request = new Request(method, path, headers, body, named, json);
        request.parameters.putAll(parameters);
        return request;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    @Nullable
    String header(String name) {
        return headers.getFirst(name);
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    @Nullable
    String segment(String name) {
        return segments.get(name);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns the body as JSON; a missing node where it is none. */
    JsonNode json() {
        return json;
    }

    /** Decodes a percent-encoded path segment, in which a plus sign stands for itself. */
    static String decoded(String segment) {
        return decodedForm(segment.replace("+", "%2B"));
    }

    private static JsonNode json(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String decodedForm(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // No vendor documents what it does with a broken escape. It is left unchanged, so the checks fail.
            return text;
        }
    }

    private boolean isForm() {
        String type = header("Content-Type");
        return type != null && type.startsWith("application/x-www-form-urlencoded");
    }

    private void readParameters(@Nullable String encoded) {
        if (encoded == null) {
            return;
        }
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decodedForm(pair.substring(0, equals)), decodedForm(pair.substring(equals + 1)));
            }
        }
    }
}
