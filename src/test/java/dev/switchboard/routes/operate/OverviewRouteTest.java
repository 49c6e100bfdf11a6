package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class OverviewRouteTest extends RouteTest {

    private JsonNode ask(String route, Map<String, Object> parameters) throws Exception {
        advise(route, ends -> ends.weaveByToUri("direct:answer").replace().to("mock:answer-" + route));
        Exchange done = send("direct:" + route, "", parameters, Map.of());
        assertThat(done.getException()).isNull();
        assertThat(getMockEndpoint("mock:answer-" + route).getReceivedCounter()).isEqualTo(1);
        return done.getMessage().getBody(JsonNode.class);
    }

    @Test
    void theLanesHaveAHistory() throws Exception {
        JsonNode history = ask("listLaneHistory", Map.of("span", "day"));
        assertThat(history.path("span").asText()).isEqualTo("day");
        assertThat(history.path("lanes").findValuesAsText("vendor")).contains("happytalk", "thulium");
    }

    @Test
    void aSpanThatIsNoneIsRefused() throws Exception {
        assertProblem(send("direct:listLaneHistory", "", Map.of("span", "year"), Map.of()), 422);
    }

    @Test
    void aRouteOfAnAccountIsShownWithItsStepsAndWithoutItsSecrets() throws Exception {
        JsonNode routes = ask("listRoutes", Map.of());
        assertThat(routes.toString()).doesNotContain("secret-1", "password-1", "token-1");
        for (JsonNode route : routes.path("routes")) {
            if (route.path("id").asText().equals("lane-thulium-crm")) {
                assertThat(route.path("from").asText()).isEqualTo("lane:thulium/crm");
                assertThat(route.path("to").toString()).isEqualTo("[\"direct:thulium-${exchangeProperty.operation}\"]");
                return;
            }
        }
        assertThat(routes.path("routes").findValuesAsText("id")).contains("lane-thulium-crm");
    }
}
