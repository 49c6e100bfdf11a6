package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.intake.MediaType;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.routes.ApiRouteTest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestRouteTest extends ApiRouteTest {
    private static final String MESSAGE = "{'vendor':'thulium','account':'crm','operation':'end','conversationId':'c'}";

    RestRouteTest() {
        super("intake/rest");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("mediaType", new MediaType());
        registry.bind("rest-openapi", new StubComponent());
    }

    @BeforeEach
    void ends() throws Exception {
        advise("submitMessage", ends -> replaceStore(ends, "mock:accept-rest"));
    }

    private MockEndpoint accept() {
        return getMockEndpoint("mock:accept-rest");
    }

    private Exchange post(String body, String type) {
        return send(
                "direct:submitMessage",
                utf8(body.replace('\'', '"')),
                Map.of(
                        "Content-Type", type,
                        "Idempotency-Key", "key-1",
                        "traceparent", "00-1",
                        "CamelHttpUri", "http://elsewhere"),
                Map.of());
    }

    @Test
    void aCheckedMessageReachesTheStoreWithoutTheCallersHeaders() throws Exception {
        Exchange done = post(MESSAGE, "application/json; charset=UTF-8");
        assertThat(done.getException()).isNull();
        assertThat(accept().getReceivedCounter()).isEqualTo(1);
        Exchange accepted = accept().getReceivedExchanges().get(0);
        assertThat(accepted.getMessage().getBody(Message.class).json()).isEqualTo(json(MESSAGE));
        assertThat(accepted.getMessage().getHeaders()).isEmpty();
        assertThat(accepted.getProperties())
                .containsEntry("idempotencyKey", "key-1")
                .containsEntry("traceparent", "00-1");
    }

    @Test
    void whatTheStoreSaysIsAnswered() throws Exception {
        accept().whenAnyExchangeReceived(exchange -> {
            exchange.getMessage().setBody("{\"id\":\"m\",\"text\":\"😀\"}");
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
        });
        Exchange done = post(MESSAGE, "application/json");
        assertThat(done.getMessage().getBody(String.class)).isEqualTo("{\"id\":\"m\",\"text\":\"😀\"}");
        assertThat(done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{                                                       | application/json              | 400 | ~~",
                "[]                                                      | application/json              | 400 | ~~",
                "{} x                                                    | application/json              | 400 | ~~",
                "{'vendor':'thulium','vendor':'kakao'}                   | application/json              | 400 | ~~",
                "{}                                                      | text/plain                    | 415 | ~~",
                "{}                                                      | application/json;charset=cp949 | 415 | ~~",
                "{}                                                      | application/json              | 422 | vendor",
                "{'vendor':'unknown','operation':'end'}                   | application/json              | 422 | vendor",
                "{'vendor':'thulium','operation':'call'}                 | application/json              | 422 | operation",
                "{'vendor':'thulium','operation':'end'}                  | application/json              | 422 | conversationId",
                "{'vendor':'thulium','operation':'end','conversationId':'c'} | application/json          | 422 | account",
                "{'vendor':'thulium','operation':'end','conversationId':'..'} | application/json         | 422 | conversationId",
                "{'vendor':'thulium','operation':'end','conversationId':'c','account':'crm','colour':1} | application/json | 422 | colour",
            })
    void whatIsNoMessageIsRefusedAndNothingIsKept(String body, String type, int status, String field) throws Exception {
        JsonNode problem = assertProblem(post(body, type), status);
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo(field);
        assertThat(accept().getReceivedCounter()).isZero();
    }

    @Test
    void aFullStoreAsksToComeAgain() throws Exception {
        accept().whenAnyExchangeReceived(exchange -> exchange.setException(Refused.forNow("Full.", 7)));
        Exchange done = post(MESSAGE, "application/json");
        assertProblem(done, 503);
        assertThat(done.getMessage().getHeader("Retry-After")).isEqualTo("7");
    }

    @Test
    void aMistakeOfOursShowsNothingOfItself() throws Exception {
        accept().whenAnyExchangeReceived(exchange -> exchange.setException(new IllegalStateException("inner")));
        assertThat(assertProblem(post(MESSAGE, "application/json"), 500).toString())
                .doesNotContain("inner");
    }
}
