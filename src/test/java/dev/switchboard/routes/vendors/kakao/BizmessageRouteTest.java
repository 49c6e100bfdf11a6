package dev.switchboard.routes.vendors.kakao;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class BizmessageRouteTest extends RouteTest {

    private static final String START =
            "{'vendor':'kakao','operation':'start','channel':'@shop','extra':'a b','bot':'auto'}";

    @Test
    void theStartPageIsCalledWithTheParametersOfTheLink() throws Exception {
        MockEndpoint vendor = vendor("kakao-bizmessage-crm", 302, "");
        JsonNode result = attempt(START).getMessage().getBody(JsonNode.class);
        String form = "uuid=%40shop&extra=a%20b&bot=auto";
        assertThat(result.path("link").asText()).isEqualTo("https://bizmessage.kakao.com/v1/chat/write?" + form);
        assertThat(result.path("called").asBoolean()).isTrue();
        assertThat(result.path("httpStatus").asInt()).isEqualTo(302);
        assertRequest(
                vendor, form, Map.of("CamelHttpMethod", "POST", "Content-Type", "application/x-www-form-urlencoded"));
    }

    @Test
    void aStatusIsJudged() throws Exception {
        vendor("kakao-bizmessage-crm", 400, "<html>");
        assertThat(attempt(START).getProperty("failureClass")).isEqualTo("invalid");
    }

    @Test
    void aLinkIsMadeWithoutACall() throws Exception {
        MockEndpoint vendor = vendor("kakao-bizmessage-crm", 200, "");
        var message = json(START);
        Exchange done = send("direct:kakao-link", message, Map.of(), ofALane(message));
        assertThat(done.getMessage().getBody(JsonNode.class).path("called").asBoolean(true))
                .isFalse();
        assertThat(vendor.getReceivedExchanges()).isEmpty();
    }
}
