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
class LanesRouteTest extends RouteTest {

    private JsonNode ask(String route, Map<String, Object> parameters) throws Exception {
        advise(route, ends -> ends.weaveByToUri("direct:answer").replace().to("mock:answer-" + route));
        Exchange done = send("direct:" + route, "", parameters, Map.of());
        assertThat(done.getException()).isNull();
        assertThat(getMockEndpoint("mock:answer-" + route).getReceivedCounter()).isEqualTo(1);
        return done.getMessage().getBody(JsonNode.class);
    }

    @Test
    void lanesAreListed() throws Exception {
        assertThat(ask("listLanes", Map.of()).path("lanes").findValuesAsText("vendor"))
                .contains("happytalk", "thulium");
    }

    @Test
    void aLaneIsPausedAndGoesOn() throws Exception {
        Map<String, Object> lane = Map.of("vendor", "thulium", "account", "crm");
        assertThat(ask("pauseLane", lane).path("state").asText()).isEqualTo("paused");
        assertThat(ask("resumeLane", lane).path("state").asText()).isEqualTo("running");
    }

    @Test
    void aLaneThatIsNotThereIsNotFound() throws Exception {
        Map<String, Object> nobody = Map.of("vendor", "nobody", "account", "crm");
        assertProblem(send("direct:pauseLane", "", nobody, Map.of()), 404);
        assertProblem(send("direct:resumeLane", "", nobody, Map.of()), 404);
    }
}
