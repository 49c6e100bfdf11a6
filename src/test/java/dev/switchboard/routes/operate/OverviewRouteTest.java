package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class OverviewRouteTest extends RouteTest {

    @Test
    void theLanesHaveAHistory() throws Exception {
        JsonNode history = answer("listLaneHistory", Map.of("span", "day"));
        assertThat(history.path("span").asText()).isEqualTo("day");
        assertThat(history.path("lanes").findValuesAsText("vendor")).contains("happytalk", "thulium");
    }

    @Test
    void aSpanThatIsNoneIsRefused() throws Exception {
        assertProblem(send("direct:listLaneHistory", "", Map.of("span", "year"), Map.of()), 422);
    }

    @Test
    void aRouteOfAnAccountIsShownWithItsStepsAndWithoutItsSecrets() throws Exception {
        JsonNode routes = answer("listRoutes", Map.of());
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
