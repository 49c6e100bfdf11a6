package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateExtension;
import java.util.List;
import java.util.Map;

/** Shows a lane, pauses it and resumes it. */
final class LanePages {

    private static final Map<String, String> OPERATIONS =
            Map.of("pause", "pauseLane", "resume", "resumeLane", "try", "tryWaiting");

    private LanePages() {}

    static Screen show(Api api, Visit visit) {
        for (JsonNode lane : api.list("listLanes", Map.of()).path("lanes")) {
            if (lane.path("vendor").asText().equals(visit.path("vendor"))
                    && lane.path("account").asText().equals(visit.path("account"))) {
                String span = visit.given("span").equals("day") ? "day" : "hour";
                return Screen.of("lane", Map.of("lane", lane, "span", span, "reasons", MessagePages.WAITS));
            }
        }
        throw new Api.Refusal(404, "noLane");
    }

    /** Returns the state of a lane, or that of its worst circuit: a lane that runs but sends nothing is not well. */
    @TemplateExtension(priority = 7)
    static String condition(JsonNode lane) {
        String state = lane.path("state").asText();
        List<String> circuits = lane.path("circuits").findValuesAsText("state");
        return !state.equals("running")
                ? state
                : circuits.contains("stopped") ? "stopped" : circuits.contains("open") ? "open" : state;
    }

    static Screen act(Api api, Visit visit) {
        String vendor = visit.path("vendor");
        String account = visit.path("account");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (!visit.given("reason").isEmpty()) {
            body.put("reason", visit.given("reason"));
        }
        if (!visit.given("until").isEmpty()) {
            body.put("until", visit.time("until"));
        }
        String operation = visit.operation(OPERATIONS);
        if (operation.equals("tryWaiting")) {
            body.putObject("filter").put("vendor", vendor).put("account", account);
            api.post(operation, Map.of(), body);
        } else {
            api.post(operation, Map.of("vendor", vendor, "account", account), body);
        }
        return Screen.at(Visit.address("/console/lanes/" + vendor + "/" + account, Map.of("done", operation)));
    }
}
