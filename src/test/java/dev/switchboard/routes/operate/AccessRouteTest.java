package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.routes.ApiRouteTest;
import dev.switchboard.security.Access;
import dev.switchboard.security.BoundedAudit;
import dev.switchboard.security.Caller;
import dev.switchboard.security.Keys;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
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
    @CsvSource({"revokeKey, {}, 404", "createKey, '{\"name\":\"audited-key\",\"roles\":[\"reader\"]}', 201"})
    void howACallEndedIsWrittenDown(String call, String body, int status) throws Exception {
        send("direct:" + call, body, Map.of("name", "audited-none"), Map.of());
        JsonNode entry = await().until(
                        () -> answer("listAudit", Map.of(Exchange.HTTP_QUERY, "operation=" + call))
                                .path("entries")
                                .path(0),
                        found -> found.has("status"));
        assertThat(entry.path("status").asInt()).isEqualTo(status);
        assertThat(entry.has("refused")).isEqualTo(status >= 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replayMessage     |             | dryRun=true    | true",
                "replayMessage     | {'dryRun':true} | dryRun=false | false",
                "replayDeadLetters | {'ids':['x'],'reason':'\\'dryRun\\':true'} |  | false",
                "replayDeadLetters | {'ids':['x'],'dryRun' : true} |  | true"
            })
    void aDryRunIsWrittenDownAsOne(String call, @Nullable String body, @Nullable String query, boolean dry)
            throws Exception {
        var access = new Access(new Keys(store.access()), FOLDER, new BoundedAudit(store.access()));
        var exchange = new DefaultExchange(context);
        exchange.getExchangeExtension().setFromRouteId(call);
        exchange.getMessage().setHeader(Exchange.HTTP_QUERY, query);
        exchange.getMessage().setBody(body == null ? "" : body.replace('\'', '"'));
        access.process(exchange);
        AuditEntry entry = store.access()
                .audited(new AuditFilter(null, call, null, null, null), Long.MAX_VALUE, 1)
                .get(0);
        assertThat(json(entry.detail() == null ? "{}" : entry.detail())
                        .path("dryRun")
                        .asBoolean())
                .isEqualTo(dry);
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
