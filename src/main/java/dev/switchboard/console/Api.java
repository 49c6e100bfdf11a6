package dev.switchboard.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.security.Caller;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API as its callers do: an operation of {@code routes/openapi.yaml} by its id, with parameters and a body. The
 * console knows the bus by nothing else.
 */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProducerTemplate routes;
    private final @Nullable Caller caller;

    Api(ProducerTemplate routes, @Nullable Caller caller) {
        this.routes = routes;
        this.caller = caller;
    }

    /** What the API says when it does not do what it is asked. */
    static final class Refusal extends RuntimeException {

        private final int status;

        Refusal(int status, String title) {
            super(title);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Asks for one thing, by the parameters of its path.
     *
     * @throws Refusal when the API does not answer with success
     */
    JsonNode get(String operation, Map<String, String> path) {
        return call(operation, path, null);
    }

    /**
     * Asks for a list, by the parameters of a query.
     *
     * @throws Refusal when the API does not answer with success
     */
    JsonNode list(String operation, Map<String, String> query) {
        return call(operation, Map.of(Exchange.HTTP_QUERY, Visit.query(query)), null);
    }

    /**
     * Has something done. An empty object is no body.
     *
     * @throws Refusal when the API does not answer with success
     */
    JsonNode post(String operation, Map<String, String> path, JsonNode body) {
        return call(operation, path, body.isEmpty() ? null : body.toString());
    }

    private JsonNode call(String operation, Map<String, String> headers, @Nullable String body) {
        Exchange done = routes.send("direct:" + operation, exchange -> {
            exchange.setProperty(Caller.PROPERTY, caller);
            headers.forEach(exchange.getMessage()::setHeader);
            if (body != null) {
                exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
                exchange.getMessage().setBody(body);
            }
        });
        if (done.getException() != null) {
            throw new IllegalStateException(operation + " failed", done.getException());
        }
        return answer(operation, done.getMessage());
    }

    private static JsonNode answer(String operation, Message message) {
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
        try {
            JsonNode answer = JSON.readTree(Objects.requireNonNullElse(message.getBody(String.class), "{}"));
            if (status >= 300) {
                throw new Refusal(status, reason(answer));
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(operation + " answers what is no JSON", e);
        }
    }

    private static String reason(JsonNode problem) {
        var reason = new StringBuilder(problem.path("title").asText());
        for (JsonNode error : problem.path("errors")) {
            reason.append(" · ").append(error.path("field").asText());
            reason.append(": ").append(error.path("detail").asText());
        }
        return reason.toString();
    }
}
