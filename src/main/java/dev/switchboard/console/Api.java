package dev.switchboard.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.security.Caller;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API as programs do: an operation of {@code routes/openapi.yaml} by its id, with parameters and a body. The
 * console uses nothing else of the bus.
 */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProducerTemplate routes;
    private final @Nullable Caller caller;

    Api(ProducerTemplate routes, @Nullable Caller caller) {
        this.routes = routes;
        this.caller = caller;
    }

    /** Why the API refused a call. */
    static final class Refusal extends RuntimeException {

        private final int status;
        private final String title;
        private final transient Map<String, String> faults;

        /**
         * Refuses.
         *
         * @param title the API's, or the name of a text {@code refusal_<title>}
         */
        Refusal(int status, String title) {
            this(status, title, Map.of());
        }

        private Refusal(int status, String title, Map<String, String> faults) {
            super(title);
            this.status = status;
            this.title = title;
            this.faults = faults;
        }

        /**
         * Refuses what was typed into a field.
         *
         * @param detail names a text {@code fault_<detail>}
         */
        static Refusal of(String field, String detail) {
            return new Refusal(422, "", Map.of(field, detail));
        }

        int status() {
            return status;
        }

        String title() {
            return title;
        }

        /** Returns what is wrong with each field. */
        Map<String, String> faults() {
            return faults;
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
     * Makes a call that changes something. An empty object means no body.
     *
     * @throws Refusal when the API does not answer with success
     */
    JsonNode post(String operation, Map<String, String> path, JsonNode body) {
        return post(operation, path, body.isEmpty() ? null : body.toString());
    }

    /** As above, with a body as it was typed. */
    JsonNode post(String operation, Map<String, String> path, @Nullable String body) {
        return call(operation, path, body);
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
                throw new Refusal(status, answer.path("title").asText(), faults(answer));
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(operation + " answers what is not JSON", e);
        }
    }

    private static Map<String, String> faults(JsonNode problem) {
        var faults = new LinkedHashMap<String, String>();
        problem.path("errors")
                .forEach(error -> faults.merge(
                        error.path("field").asText(),
                        error.path("detail").asText(),
                        (one, other) -> one + "; " + other));
        return faults;
    }
}
