package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.routes.RouteTest;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class LaneRouteTest extends RouteTest {

    LaneRouteTest() {
        super("dispatch/lane");
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        addLane("kakao");
        RouteBuilder.addRoutes(
                context, routes -> routes.from("direct:kakao-wave").to("mock:wave"));
    }

    @Test
    void aMessageGoesToTheOperationOfItsVendor() throws Exception {
        assertThat(context.getRoute("lane-kakao-crm").getEndpoint().getEndpointUri())
                .isEqualTo("lane://kakao/crm");
        advise("lane-kakao-crm", ends -> ends.replaceFromWith("direct:lane"));
        MockEndpoint operation = getMockEndpoint("mock:wave");
        send("direct:lane", "the message", Map.of(), Map.of("operation", "wave"));
        assertThat(operation.getReceivedCounter()).isEqualTo(1);
        assertThat(operation.getReceivedExchanges().get(0).getMessage().getBody())
                .isEqualTo("the message");
    }
}
