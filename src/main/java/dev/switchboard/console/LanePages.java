package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Shows a lane, pauses it and resumes it. */
final class LanePages {

    private static final Map<String, String> OPERATIONS = Map.of("pause", "pauseLane", "resume", "resumeLane");

    private LanePages() {}

    static Screen show(Api api, Visit visit) {
        for (JsonNode lane : api.list("listLanes", Map.of()).path("lanes")) {
            if (lane.path("vendor").asText().equals(visit.path("vendor"))
                    && lane.path("account").asText().equals(visit.path("account"))) {
                String span = visit.given("span").equals("day") ? "day" : "hour";
                return Screen.of("lane", Map.of("lane", lane, "span", span));
            }
        }
        throw new Api.Refusal(404, "noLane");
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
        api.post(operation, Map.of("vendor", vendor, "account", account), body);
        return Screen.at(Visit.address("/console/lanes/" + vendor + "/" + account, Map.of("done", operation)));
    }
}
