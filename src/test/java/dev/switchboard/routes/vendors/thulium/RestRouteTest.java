package dev.switchboard.routes.vendors.thulium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class RestRouteTest extends RouteTest {

    private static final String END = "{'vendor':'thulium','operation':'end','conversationId':'a/b'}";

    @Test
    void aConversationIsStopped() throws Exception {
        MockEndpoint vendor = vendor("thulium-rest-crm", 204, "");
        assertResult(attempt(END), "{}");
        assertRequest(
                vendor,
                "",
                Map.of(
                        "CamelHttpPath", "/chat_conversations/a%2Fb/stop",
                        "Content-Type", "application/json",
                        "Accept-Language", "en",
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8("api:password-1"))));
    }

    @Test
    void aStatusIsJudged() throws Exception {
        vendor("thulium-rest-crm", 404, "{\"request_id\":\"x\",\"errors\":[]}");
        assertThat(attempt(END).getProperty("failureClass")).isEqualTo("gone");
    }
}
