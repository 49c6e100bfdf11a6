package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.routes.ApiRouteTest;
import dev.switchboard.security.Caller;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRouteTest extends ApiRouteTest {
    private static final Caller READER = new Caller("reader", Set.of("reader"), null, "10.0.0.7");

    @Test
    void everyRouteThatACallBeginsIsGuarded() throws Exception {
        JsonNode document =
                new YAMLMapper().readTree(Path.of("routes/openapi.yaml").toFile());
        try (var camel = new DefaultCamelContext()) {
            load(camel, FOLDER.names(".+\\.camel\\.yaml"));
            for (String operation : document.findValuesAsText("operationId")) {
                assertThat(camel.getRouteDefinition(operation).getRouteConfigurationId())
                        .as(operation)
                        .isEqualTo("api");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"createKey, 403", "revokeKey, 403", "listKeys, 403", "listAudit, 403", "discardMessage, 403"})
    void aRoleThatIsNotNamedIsRefused(String call, int status) throws Exception {
        Exchange done = send("direct:" + call, "{}", Map.of("id", "x", "name", "x"), Map.of(Caller.PROPERTY, READER));
        assertThat(assertProblem(done, status).path("title").asText()).contains("reader");
    }

    @Test
    void whatWasRefusedIsWrittenDown() throws Exception {
        send("direct:discardMessage", "{}", Map.of("id", "audited-1"), Map.of(Caller.PROPERTY, READER));
        JsonNode entry = answer("listAudit", Map.of(Exchange.HTTP_QUERY, "who=reader&subject=/messages/audited-1"))
                .path("entries")
                .path(0);
        assertThat(entry.path("operation").asText()).isEqualTo("discardMessage");
        assertThat(entry.path("subject").asText()).isEqualTo("/messages/audited-1/discard");
        assertThat(entry.path("address").asText()).isEqualTo("10.0.0.7");
        assertThat(entry.path("refused").asInt()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name    | {'name':'No!','roles':['reader']}",
                "roles   | {'name':'a','roles':['king']}",
                "roles   | {'name':'a','roles':[]}",
                "lanes   | {'name':'a','roles':['sender'],'lanes':['../x']}",
                "perSecond | {'name':'a','roles':['sender'],'perSecond':0}",
                "expiresAt | {'name':'a','roles':['sender'],'expiresAt':'2001-01-01T00:00:00Z'}",
            })
    void aKeyThatCouldNotBeIsRefused(String field, String body) throws Exception {
        JsonNode problem = assertProblem(send("direct:createKey", body.replace('\'', '"'), Map.of(), Map.of()), 422);
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo(field);
    }

    @Test
    void keysAreListed() throws Exception {
        assertThat(answer("listKeys", Map.of()).path("keys")).isEmpty();
    }
}
