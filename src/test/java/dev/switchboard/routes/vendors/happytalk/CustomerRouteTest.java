package dev.switchboard.routes.vendors.happytalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class CustomerRouteTest extends RouteTest {

    private static final String TRANSCRIPT = "{'vendor':'happytalk','operation':'transcript','conversationId':'방'}";

    @Test
    void aTranscriptIsFetchedAndDecoded() throws Exception {
        MockEndpoint vendor = vendor(
                "happytalk-customer-crm",
                200,
                "{\"result\":\"success\",\"data\":[{\"chat\":{\"id\":\"r\",\"status\":\"2\"},\"message\":[]}]}");
        Exchange done = attempt(TRANSCRIPT);
        assertResult(done, "{'conversationId':'r','status':{'code':'2','name':'completed'},'messages':[]}");
        assertThat(done.getVariables().toString()).doesNotContain("token-1");
        assertRequest(
                vendor,
                "{\"token\":\"token-1\",\"room_id\":\"방\"}",
                Map.of(
                        "CamelHttpPath", "/user/api/chat_data/format/json",
                        "Content-Type", "application/json"));
    }

    @Test
    void aFailCodeIsJudged() throws Exception {
        vendor("happytalk-customer-crm", 200, "{\"result\":\"fail\",\"code\":-501,\"message\":\"token\"}");
        assertThat(attempt(TRANSCRIPT).getProperty("failureClass")).isEqualTo("unauthorized");
    }
}
