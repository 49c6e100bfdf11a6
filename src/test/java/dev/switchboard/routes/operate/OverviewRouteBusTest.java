package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.BusProfile;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

/** In the application, whose own parts show the lanes' history and the routes. */
@QuarkusTest
@TestProfile(BusProfile.class)
class OverviewRouteBusTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    ProducerTemplate template;

    @Inject
    Vendors vendors;

    private Exchange ask(String route, String span) {
        return template.send(
                "direct:" + route, exchange -> exchange.getMessage().setHeader("span", span));
    }

    private JsonNode answer(String route, String span) throws Exception {
        Exchange done = ask(route, span);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader("Content-Type")).isEqualTo("application/json");
        return JSON.readTree(done.getMessage().getBody(String.class));
    }

    @Test
    void theLanesHaveAHistory() throws Exception {
        JsonNode history = answer("listLaneHistory", "day");
        assertThat(history.path("span").asText()).isEqualTo("day");
        assertThat(history.path("lanes").findValuesAsText("vendor")).contains("happytalk", "thulium");
    }

    @Test
    void aSpanThatIsNoneIsRefused() throws Exception {
        Exchange done = ask("listLaneHistory", "year");
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(422);
        assertThat(done.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/problem+json");
        assertThat(JSON.readTree(done.getMessage().getBody(String.class))
                        .path("status")
                        .asInt())
                .isEqualTo(422);
    }

    @Test
    void aRouteOfAnAccountIsShownWithItsStepsAndWithoutItsSecrets() throws Exception {
        JsonNode routes = answer("listRoutes", "");
        assertThat(vendors.accounts()).isNotEmpty();
        for (Account account : vendors.accounts()) {
            assertThat(account.settings().mask(routes.toString())).isEqualTo(routes.toString());
        }
        for (JsonNode route : routes.path("routes")) {
            if (route.path("id").asText().equals("lane-thulium-default")) {
                assertThat(route.path("from").asText()).isEqualTo("lane:thulium/default");
                assertThat(route.path("to").toString()).isEqualTo("[\"direct:thulium-${exchangeProperty.operation}\"]");
                return;
            }
        }
        assertThat(routes.path("routes").findValuesAsText("id")).contains("lane-thulium-default");
    }
}
