package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.operate.AtOnce;
import dev.switchboard.routes.ApiRouteTest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

class AtOnceRouteTest extends ApiRouteTest {

    AtOnceRouteTest() {
        super("operate/at-once", "dispatch/failures", "dispatch/lane");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("atOnce", new AtOnce(check, vendors, limits));
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        for (String vendor : new String[] {"happytalk", "kakao"}) {
            vendorRoutes(vendor);
            addLane(vendor);
        }
    }

    private Exchange ask(String route, Map<String, Object> parameters) {
        return send("direct:" + route, "", parameters, Map.of());
    }

    private static final Map<String, Object> TRANSCRIPT =
            Map.of("vendor", "happytalk", "account", "crm", "conversationId", "r", "CamelHttpPath", "/elsewhere");

    @Test
    void aTranscriptIsFetchedThroughItsLane() throws Exception {
        MockEndpoint vendor = vendor("happytalk-customer-crm", 200, "{\"result\":\"success\",\"data\":[]}");
        Exchange done = ask("getTranscript", TRANSCRIPT);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(String.class)).isEqualTo("{\"conversationId\":\"r\",\"messages\":[]}");
        assertRequest(
                vendor,
                "{\"token\":\"token-1\",\"room_id\":\"r\"}",
                Map.of("CamelHttpPath", "/user/api/chat_data/format/json"));
    }

    @Test
    void aRoomThatIsNotThereIsNotFound() throws Exception {
        vendor("happytalk-customer-crm", 200, "{\"result\":\"fail\",\"code\":\"-503\",\"message\":\"room\"}");
        assertProblem(ask("getTranscript", TRANSCRIPT), 404);
    }

    @Test
    void anOperationThatTheVendorHasNotIsRefused() throws Exception {
        assertProblem(ask("getTranscript", Map.of("vendor", "kakao", "account", "crm", "conversationId", "r")), 422);
    }

    @Test
    void aBrowserIsSentToTheStartLinkWithoutACall() throws Exception {
        MockEndpoint vendor = vendor("kakao-bizmessage-crm", 200, "");
        Exchange done = ask("getStart", Map.of("vendor", "kakao", "account", "crm", "extra", "a b"));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class))
                .isEqualTo(302);
        assertThat(done.getMessage().getHeader("Location", String.class))
                .startsWith("https://bizmessage.kakao.com/v1/chat/write?uuid=%40shop&extra=a%20b");
        assertThat(done.getMessage().getBody(String.class)).isEmpty();
        assertThat(vendor.getReceivedCounter()).isZero();
    }

    @Test
    void personalDataIsRefused() throws Exception {
        Exchange done = ask("getStart", Map.of("vendor", "kakao", "account", "crm", "extra", "010-1234-5678"));
        assertThat(assertProblem(done, 422).path("errors").path(0).path("field").asText())
                .isEqualTo("extra");
    }
}
