package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Failures;
import dev.switchboard.message.FailureClass;
import dev.switchboard.routes.RouteTest;
import dev.switchboard.vendor.VendorRoutes;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No handler is asked while an attempt is made; {@code ErrorHandlersTest} shows what they choose. */
class FailuresRouteTest extends RouteTest {

    private @Nullable VendorRoutes thulium;

    FailuresRouteTest() {
        super("dispatch/failures");
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        thulium = vendorRoutes("thulium");
    }

    private MockEndpoint failing(Exception failure) throws Exception {
        MockEndpoint vendor = vendor("thulium-rest-crm");
        vendor.whenAnyExchangeReceived(exchange -> exchange.setException(failure));
        return vendor;
    }

    private Exchange end() throws Exception {
        return Objects.requireNonNull(thulium).exchange("end", "{'conversationId':'c'}");
    }

    @ParameterizedTest
    @EnumSource
    void howAnAttemptFailedIsLeftToTheLane(FailureClass failureClass) throws Exception {
        failing(Failures.of(failureClass));
        Exchange done = end();
        assertThat(done.getException()).isInstanceOf(DeliveryFailed.class);
        assertThat(done.getProperty("deadLetter")).isNull();
        assertThat(done.getMessage().getHeaders()).doesNotContainKey("Authorization");
        assertThat(done.getMessage().getBody()).isNull();
    }

    @Test
    void aFailureIsNotTriedAgainByTheRoute() throws Exception {
        MockEndpoint vendor = failing(Failures.of(FailureClass.UNAVAILABLE));
        end();
        assertThat(vendor.getReceivedCounter()).isEqualTo(1);
    }
}
