package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.delivery.Failures;
import dev.switchboard.message.FailureClass;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class FailuresRouteTest extends RouteTest {

    private static final String END = "{'vendor':'thulium','operation':'end','conversationId':'c'}";

    private MockEndpoint failing(Exception failure) throws Exception {
        advise("thulium-rest-crm", ends -> callOf(ends).replace().to("mock:thulium-rest-crm"));
        MockEndpoint vendor = getMockEndpoint("mock:thulium-rest-crm");
        vendor.whenAnyExchangeReceived(exchange -> exchange.setException(failure));
        return vendor;
    }

    @ParameterizedTest
    @EnumSource
    void aFailureLeadsToTheDeadLettersOfItsClass(FailureClass failureClass) throws Exception {
        failing(Failures.of(failureClass));
        Exchange done = attempt(END);
        assertThat(done.getException()).isNull();
        assertThat(done.getProperty(Exchange.TO_ENDPOINT)).isEqualTo("dead-letters://" + failureClass);
        assertThat(done.getProperty("failureClass")).isEqualTo(failureClass.toString());
    }

    @Test
    void whatIsNoFailureOfADeliveryIsLeftToTheLane() throws Exception {
        failing(new IllegalStateException("a mistake in a route"));
        Exchange done = attempt(END);
        assertThat(done.getException()).hasMessage("a mistake in a route");
        assertThat(done.getProperty("failureClass")).isNull();
    }

    @Test
    void aFailureIsNotTriedAgainByTheRoute() throws Exception {
        MockEndpoint vendor = failing(Failures.of(FailureClass.UNAVAILABLE));
        send("direct:thulium-end", json(END), Map.of(), ofALane(json(END)));
        assertThat(vendor.getReceivedCounter()).isEqualTo(1);
    }
}
