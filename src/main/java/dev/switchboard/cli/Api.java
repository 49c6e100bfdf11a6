package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The REST API of a bus. Java's oldest client, as it starts fastest. */
final class Api {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 90_000;

    private final URI bus;
    private final String key;

    /**
     * Calls a bus.
     *
     * @param key of the API; empty: none
     */
    Api(URI bus, String key) {
        this.bus = bus;
        this.key = key;
    }

    JsonNode get(String path) {
        return ask("GET", path, null, Map.of());
    }

    JsonNode get(String path, Map<String, List<String>> query) {
        String asked = query.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(value -> each.getKey() + "=" + encoded(value)))
                .collect(Collectors.joining("&"));
        return get(asked.isEmpty() ? path : path + "?" + asked);
    }

    JsonNode post(String path, @Nullable JsonNode body) {
        return post(path, body, Map.of());
    }

    JsonNode post(String path, @Nullable JsonNode body, Map<String, String> headers) {
        return ask(
                "POST", path, body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    JsonNode delete(String path) {
        return ask("DELETE", path, null, Map.of());
    }

    /** Writes a part of a path or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode ask(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
        try {
            var connection = (HttpURLConnection) bus.resolve(path).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setInstanceFollowRedirects(false);
            if (!key.isEmpty()) {
                connection.setRequestProperty("Authorization", "Bearer " + key);
            }
            headers.forEach(connection::setRequestProperty);
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            return answer(connection);
        } catch (IOException e) {
            throw new NotDone("the bus at " + bus + " does not answer: " + e.getMessage());
        }
    }

    private static JsonNode answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] text = in == null ? new byte[0] : in.readAllBytes();
            JsonNode answer = text.length == 0 ? Json.object() : Json.MAPPER.readTree(text);
            if (status >= 400) {
                throw new NotDone(problem(status, answer));
            }
            return answer;
        }
    }

    /** Says in words what a problem (RFC 9457) holds. */
    private static String problem(int status, JsonNode problem) {
        var words = new StringBuilder(
                problem.path("detail").asText(problem.path("title").asText("the bus refused")) + " (" + status + ")");
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            words.append(": SWITCHBOARD_KEY or --key-file FILE");
        }
        problem.path("errors")
                .forEach(error -> words.append(System.lineSeparator())
                        .append("  ")
                        .append(error.path("field").asText())
                        .append(": ")
                        .append(error.path("message")
                                .asText(error.path("detail").asText())));
        return words.toString();
    }
}
