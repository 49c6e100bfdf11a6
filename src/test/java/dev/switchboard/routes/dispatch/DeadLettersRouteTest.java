package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.message.FailureClass;
import dev.switchboard.routes.RouteTest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLettersRouteTest extends RouteTest {

    DeadLettersRouteTest() {
        super("dispatch/dead-letters");
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        for (FailureClass each : FailureClass.values()) {
            TemplatedRouteBuilder.builder(context, "dead-letter")
                    .routeId("dead-letter-" + each)
                    .parameter("class", each.toString())
                    .add();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadLetterIsPublishedToTheQueueOfItsVendorAndClass(FailureClass failureClass) throws Exception {
        String route = "dead-letter-" + failureClass;
        assertThat(context.getRoute(route).getEndpoint().getEndpointUri()).isEqualTo("dead-letters://" + failureClass);
        advise(route, ends -> ends.replaceFromWith("direct:" + route));
        Exchange done = send("direct:" + route, "{\"id\":\"m-1\"}", Map.of(), Map.of("vendor", "acme"));
        assertThat(done.getException()).isNull();
        assertThat(sentByJms()).hasSize(1);
        var sent = sentByJms().get(0).getMessage();
        assertThat(sent.getBody()).isEqualTo("{\"id\":\"m-1\"}");
        assertThat(sent.getHeader("CamelJmsDestinationName")).isEqualTo("dead-letter.acme." + failureClass);
    }
}
