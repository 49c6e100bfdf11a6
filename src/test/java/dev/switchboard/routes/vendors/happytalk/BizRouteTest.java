package dev.switchboard.routes.vendors.happytalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class BizRouteTest extends RouteTest {

    private static final String SEND =
            "{'vendor':'happytalk','operation':'send','customerId':'user-01','conversationId':'방','type':'text','text':'😀'}";

    @Test
    void aTextIsWritten() throws Exception {
        MockEndpoint vendor = vendor("happytalk-biz-crm", 200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
        assertResult(attempt(SEND), "{'roomId':'r'}");
        assertRequest(
                vendor,
                "{\"uuid\":\"user-01\",\"room_id\":\"방\",\"type\":\"text\",\"msg\":\"😀\"}",
                Map.of(
                        "CamelHttpPath", "/v1/chat/write",
                        "Content-Type", "application/json",
                        "HT-Client-Id", "id-1",
                        "HT-Client-Secret", "secret-1"));
    }

    @Test
    void aRoomIsEnded() throws Exception {
        MockEndpoint vendor = vendor("happytalk-biz-crm", 200, "{\"code\":0,\"message\":\"\"}");
        assertResult(attempt(SEND.replace("'send'", "'end'")), "{}");
        assertRequest(vendor, "{\"uuid\":\"user-01\",\"room_id\":\"방\"}", Map.of("CamelHttpPath", "/v1/chat/end"));
    }

    @Test
    void aFailCodeIsJudged() throws Exception {
        vendor("happytalk-biz-crm", 200, "{\"code\":-702,\"message\":\"NotRoom\"}");
        assertThat(attempt(SEND).getProperty("failureClass")).isEqualTo("gone");
        assertThat(attempt(SEND).getProperty("CamelExceptionCaught")).isInstanceOf(DeliveryFailed.class);
    }
}
