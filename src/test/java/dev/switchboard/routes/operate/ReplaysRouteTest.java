package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.operate.Previews;
import dev.switchboard.operate.Replays;
import dev.switchboard.routes.ApiRouteTest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

class ReplaysRouteTest extends ApiRouteTest {

    ReplaysRouteTest() {
        super("operate/replays");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("replays", new Replays(store, new Previews(store, lanes, waits()), waits(), tries()));
    }

    private Exchange ask(String route, String body, String id) {
        return send("direct:" + route, body, Map.of("id", id), Map.of());
    }

    @Test
    void aRunIsBegunShownAndListed() throws Exception {
        Exchange begun = ask("replayDeadLetters", "{\"filter\":{\"vendor\":\"nobody\"},\"rate\":\"10/s\"}", "");
        String id = answer(begun).path("id").asText();
        assertThat(begun.getMessage().getHeaders())
                .containsEntry("Location", "/replays/" + id)
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, "202");
        assertThat(answer(ask("getReplay", "", id)).path("state").asText()).isEqualTo("finished");
        assertThat(answer(ask("listReplays", "", "")).path("replays").findValuesAsText("id"))
                .contains(id);
        assertProblem(ask("cancelReplay", "", id), 409);
    }

    @Test
    void aDryRunBeginsNothing() throws Exception {
        JsonNode preview = answer(ask("replayDeadLetters", "{\"filter\":{},\"dryRun\":true}", ""));
        assertThat(preview.path("total").isNumber()).isTrue();
        assertThat(preview.has("id")).isFalse();
    }

    @Test
    void eachKindOfRunIsBegunByItsOwnCall() throws Exception {
        String nobodys = "{\"filter\":{\"vendor\":\"nobody\"},\"reason\":\"a test\"}";
        for (Map.Entry<String, String> each : Map.of(
                        "replayDeadLetters", "replay",
                        "discardDeadLetters", "discard",
                        "resolveDeadLetters", "resolve",
                        "tryWaiting", "try",
                        "discardWaiting", "discard-waiting")
                .entrySet()) {
            assertThat(answer(ask(each.getKey(), nobodys, "")).path("action").asText())
                    .isEqualTo(each.getValue());
        }
        assertProblem(ask("discardDeadLetters", "{\"filter\":{\"vendor\":\"nobody\"}}", ""), 422);
        assertProblem(ask("resolveDeadLetters", "{\"filter\":{\"vendor\":\"nobody\"}}", ""), 422);
        assertProblem(ask("discardWaiting", "{\"filter\":{\"vendor\":\"nobody\"}}", ""), 422);
        assertProblem(ask("tryWaiting", "{\"filter\":{},\"ramp\":true}", ""), 422);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertProblem(ask("replayDeadLetters", "{}", ""), 422);
        assertProblem(ask("replayDeadLetters", "{\"filter\":{\"vendo\":\"x\"}}", ""), 400);
        assertProblem(ask("replayDeadLetters", "{\"filter\":{},\"rate\":\"fast\"}", ""), 422);
        assertProblem(ask("replayDeadLetters", "{\"filter\":{},\"stopAt\":2}", ""), 422);
        assertProblem(ask("getReplay", "", "nobody"), 404);
    }
}
