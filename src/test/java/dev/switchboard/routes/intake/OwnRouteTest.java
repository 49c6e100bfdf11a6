package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.message.Refused;
import dev.switchboard.routes.RouteTest;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An intake that an operator adds ends in {@code accept:NAME}, which checks by itself. */
class OwnRouteTest extends RouteTest {

    private static final String MESSAGE =
            "{\"vendor\":\"thulium\",\"account\":\"crm\",\"operation\":\"end\",\"conversationId\":\"c\"%s}";

    OwnRouteTest() {
        super("intake/own");
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:own").to("accept:orders");
                from("direct:busy").routeConfigurationId("own-intake").to("mock:busy");
            }
        });
    }

    private static String message(String id) {
        return MESSAGE.formatted(",\"id\":\"" + id + "\"");
    }

    static Stream<Object> forms() throws Exception {
        return Stream.of(
                message("text"),
                utf8(message("bytes")),
                new ByteArrayInputStream(utf8(message("stream"))),
                json(message("tree")),
                Map.of(
                        "id", "fields",
                        "vendor", "thulium",
                        "account", "crm",
                        "operation", "end",
                        "conversationId", "c"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aMessageMayBeTextBytesATreeOrFields(Object body) throws Exception {
        Exchange done = send("direct:own", body, Map.of(), Map.of());
        assertThat(done.getException()).isNull();
        String id = json(done.getMessage().getBody(String.class)).path("id").asText();
        assertThat(store.messages().find(id).orElseThrow().at("/source/intake").asText())
                .isEqualTo("orders");
    }

    @Test
    void aMessageWithoutAnIdTakesTheRoutesKey() {
        send("direct:own", MESSAGE.formatted(""), Map.of(), Map.of("idempotencyKey", "order-17"));
        assertThat(store.messages().find("order-17")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~                                    | 400 | JSON",
                "{                                     | 400 | line 1",
                "[]                                    | 400 | JSON object",
                "{\"vendor\":\"a\",\"vendor\":\"b\"}   | 400 | vendor stands twice",
                "{\"vendor\":\"nobody\",\"operation\":\"x\"} | 422 | is not a vendor",
            })
    void whatIsNoMessageIsRefused(String body, int status, String why) {
        Exception refused = send("direct:own", body, Map.of(), Map.of()).getException();
        assertThat(refused).isInstanceOf(Refused.class).hasMessageContaining(why);
        assertThat(((Refused) refused).status()).isEqualTo(status);
    }

    @Test
    void aRouteThatBringsNothingIsRefused() {
        Map<String, Object> none = Map.of();
        assertThat(template.send("direct:own", exchange -> exchange.getMessage().setHeaders(none))
                        .getException())
                .hasMessageContaining("the body before accept:orders is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept:Orders", "accept:two words", "accept:a/b"})
    void anIntakeHasAName(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri)).rootCause().hasMessageContaining("as in accept:orders");
    }

    @Test
    void whileTheStoreTakesNothingAMessageWaits() {
        MockEndpoint busy = getMockEndpoint("mock:busy");
        busy.whenExchangeReceived(1, exchange -> {
            throw Refused.forNow("Full.", 7);
        });
        assertThat(send("direct:busy", "x", Map.of(), Map.of()).getException()).isNull();
        assertThat(busy.getReceivedCounter()).isEqualTo(2);
        busy.whenAnyExchangeReceived(exchange -> {
            throw Refused.because(422, "No message.");
        });
        assertThat(send("direct:busy", "x", Map.of(), Map.of()).getException()).hasMessage("No message.");
    }
}
