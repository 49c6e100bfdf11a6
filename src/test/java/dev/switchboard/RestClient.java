package dev.switchboard;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** Speaks to a bus by REST, as any caller would. */
public final class RestClient {

    public static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> UNFINISHED = Set.of("accepted", "sending", "waiting");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;
    private final String key;

    public RestClient(URI base) {
        this(base.toString().replaceFirst("/$", ""), "");
    }

    private RestClient(String base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Returns a client that shows a key of the API. */
    public RestClient withKey(String token) {
        return new RestClient(base, token);
    }

    /** What the bus said. */
    public record Answer(int status, HttpHeaders headers, String text) {

        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + text, e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** Returns the address of the bus, without a slash at its end. */
    public String base() {
        return base;
    }

    /** Makes a message that HappyTalk's stand-in takes. */
    public static ObjectNode send(String conversation, String text) {
        return JSON.createObjectNode()
                .put("vendor", "happytalk")
                .put("operation", "send")
                .put("customerId", "user-01")
                .put("conversationId", conversation)
                .put("text", text);
    }

    public Answer post(String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return ask(request);
    }

    /** Submits a message. */
    public Answer submit(JsonNode message, String... headers) {
        return post("/messages", message.toString(), headers);
    }

    public Answer get(String path) {
        return ask(request(path).GET());
    }

    public HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    public Answer ask(HttpRequest.Builder request) {
        try {
            HttpRequest asked = request.timeout(Duration.ofSeconds(30)).build();
            var answer = CLIENT.send(asked, BodyHandlers.ofString());
            OpenApi.check(
                    asked.method(),
                    asked.uri().getRawPath(),
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(""),
                    answer.body());
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a message is finished, and returns its view. */
    public JsonNode finished(String id) {
        return await("the outcome of " + id)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> get("/messages/" + id).json(),
                        view -> view.has("state")
                                && !UNFINISHED.contains(view.path("state").asText()));
    }

    /** Encodes a text as a segment of a path or a value of a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
