package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.intake.Intakes;
import dev.switchboard.operate.Instances;
import dev.switchboard.operate.Lanes;
import dev.switchboard.routes.ApiRouteTest;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

class LanesRouteTest extends ApiRouteTest {

    LanesRouteTest() {
        super("operate/lanes", "dispatch/lane");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind(
                "lanes",
                new Lanes(
                        lanes,
                        new Intakes(route -> Intakes.RUNNING),
                        store,
                        account -> vendors.readAgain(account, CONFIG)));
        registry.bind("instances", new Instances(store));
    }

    @Override
    protected void addFurtherRoutes() throws Exception {
        addLane("happytalk");
        addLane("kakao");
        addLane("thulium");
    }

    private JsonNode ask(String route, String body, Map<String, Object> parameters) throws Exception {
        return answer(send("direct:" + route, body, parameters, Map.of()));
    }

    @Test
    void lanesAreListed() throws Exception {
        assertThat(answer("listLanes", Map.of()).path("lanes").findValuesAsText("vendor"))
                .contains("happytalk", "thulium");
    }

    @Test
    void aLaneIsPausedAndGoesOn() throws Exception {
        Map<String, Object> lane = Map.of("vendor", "thulium", "account", "crm");
        assertThat(answer("pauseLane", lane).path("state").asText()).isEqualTo("paused");
        assertThat(answer("resumeLane", lane).path("state").asText()).isEqualTo("running");
    }

    @Test
    void theInstanceIsShown() throws Exception {
        assertThat(answer("listInstances", Map.of()).path("instances").findValuesAsText("state"))
                .containsExactly("running");
    }

    @Test
    void theOnlyInstanceKeepsItsLanes() throws Exception {
        assertProblem(send("direct:drainInstance", "", Map.of("id", "any"), Map.of()), 409);
    }

    @Test
    void aPausedLaneSaysWhyAndUntilWhen() throws Exception {
        Map<String, Object> lane = Map.of("vendor", "kakao", "account", "crm");
        JsonNode paused = ask("pauseLane", "{\"reason\":\"a new link\",\"until\":\"2999-01-01T01:00:00+01:00\"}", lane);
        assertThat(paused.path("why").asText()).isEqualTo("a new link");
        assertThat(paused.path("until").asText()).isEqualTo("2999-01-01T00:00:00Z");
        assertThat(answer("pauseLane", lane).path("why").asText()).isEqualTo("paused by an operator");
        JsonNode resumed = answer("resumeLane", lane);
        assertThat(resumed.has("why")).isFalse();
        assertThat(resumed.has("until")).isFalse();
    }

    @Test
    void aPauseThatMakesNoSenseIsRefused() throws Exception {
        Map<String, Object> lane = Map.of("vendor", "kakao", "account", "crm");
        assertProblem(send("direct:pauseLane", "{\"until\":\"2001-01-01T00:00:00Z\"}", lane, Map.of()), 422);
        assertProblem(send("direct:pauseLane", "{\"until\":\"tomorrow\"}", lane, Map.of()), 422);
        assertProblem(send("direct:pauseLane", "{\"for\":\"1h\"}", lane, Map.of()), 422);
        assertProblem(send("direct:pauseLane", "{", lane, Map.of()), 400);
        assertThat(answer("resumeLane", lane).path("state").asText()).isEqualTo("running");
    }

    @Test
    void aLaneThatIsNotThereIsNotFound() throws Exception {
        Map<String, Object> unknown = Map.of("vendor", "unknown", "account", "crm");
        assertProblem(send("direct:pauseLane", "", unknown, Map.of()), 404);
        assertProblem(send("direct:resumeLane", "", unknown, Map.of()), 404);
    }
}
