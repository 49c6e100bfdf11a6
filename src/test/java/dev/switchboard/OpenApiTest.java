package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.parser.core.models.ParseOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document is one, and holds answers to what it says. */
class OpenApiTest {

    private static final String MESSAGE =
            "{\"id\":\"1\",\"vendor\":\"acme\",\"account\":\"default\",\"operation\":\"send\","
                    + "\"state\":\"delivered\",\"source\":{\"intake\":\"rest\"},\"acceptedAt\":\"2026-01-01T00:00:00Z\"}";

    @Test
    void theDocumentIsValid() {
        var options = new ParseOptions();
        options.setResolve(true);
        assertThat(new OpenAPIParser()
                        .readLocation("routes/openapi.yaml", null, options)
                        .getMessages())
                .isEmpty();
    }

    @Test
    void whatItAllowsPasses() {
        assertThatCode(() -> {
                    OpenApi.check("GET", "/messages/1", 200, "application/json", MESSAGE);
                    OpenApi.check("GET", "/messages", 200, "application/json", "{\"messages\":[" + MESSAGE + "]}");
                    OpenApi.check("GET", "/messages", 200, "text/csv; charset=utf-8", "id,state");
                    OpenApi.check("GET", "/console/lanes", 200, "text/html", "<html>");
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /messages/1  | 200 | application/json         | {\"id\":\"1\"}",
                "GET | /messages/1  | 200 | text/html                | <p>",
                "GET | /messages/1  | 204 | application/json         | {}",
                "GET | /messages    | 200 | application/json         | {\"messages\":[{\"id\":\"1\"}]}",
                "GET | /messages/1  | 404 | text/plain               | no",
                "GET | /messages/1  | 404 | application/problem+json | {\"status\":\"404\"}",
                "GET | /replays/1   | 200 | application/json         | {\"id\":1}",
                "GET | /dead-letters/groups | 200 | application/json | {\"groups\":[{}]}",
            })
    void whatItDoesNotAllowFails(String method, String path, int status, String type, String body) {
        assertThatThrownBy(() -> OpenApi.check(method, path, status, type, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(path + " " + status);
    }
}
