package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows dead letters by their cause, and sends many of them again. */
final class ReplayPages {

    private static final List<String> GROUP = List.of("vendor", "account", "class", "code", "deadLetter");
    private static final List<String> FILTER =
            List.of("q", "vendor", "account", "class", "code", "deadLetter", "conversation", "batch", "from", "to");
    private static final List<String> FORM = List.of("rate", "ramp", "stopAt", "includeMaybeSent", "reason", "cutoff");
    private static final String NO_CODE = "-";

    private ReplayPages() {}

    static Screen groups(Api api, Visit visit) {
        DeadLettersSeen.remember(visit);
        return Screen.of(
                "groups",
                Map.of(
                        "groups",
                        Json.list(api.list("listDeadLetterGroups", Map.of()).path("groups"))));
    }

    static Screen list(Api api, Visit visit) {
        return Screen.of(
                "replays",
                Map.of("runs", Json.list(api.list("listReplays", Map.of()).path("replays"))));
    }

    static Screen show(Api api, Visit visit) {
        return Screen.of("replay", Map.of("run", api.get("getReplay", Map.of("id", Visit.encoded(visit.path("id"))))));
    }

    /** Shows what would be sent again before anything is. */
    static Screen prepare(Api api, Visit visit) {
        var data = new HashMap<String, Object>(Map.of("asked", visit.asked(FORM)));
        data.put("chosen", visit.given(FILTER));
        data.put("cause", visit.given("group"));
        data.put("fresh", visit.given("look").isEmpty() && visit.typed().isEmpty());
        data.put("preview", JsonNodeFactory.instance.objectNode());
        data.put("messages", List.of());
        var screen = Screen.of("replay-new", data);
        try {
            JsonNode preview =
                    api.post("replayDeadLetters", Map.of(), wanted(visit).put("dryRun", true));
            data.put("preview", preview);
            data.put("messages", Json.list(preview.path("messages")));
            return screen;
        } catch (Api.Refusal e) {
            return screen.refused(e, visit.asked(FORM));
        }
    }

    static Screen begin(Api api, Visit visit) {
        JsonNode run = api.post("replayDeadLetters", Map.of(), wanted(visit));
        return Screen.at("/console/replays/" + Visit.encoded(run.path("id").asText()));
    }

    static Screen cancel(Api api, Visit visit) {
        String id = Visit.encoded(visit.path("id"));
        api.post("cancelReplay", Map.of("id", id), JsonNodeFactory.instance.objectNode());
        return Screen.at(Visit.address("/console/replays/" + id, Map.of("done", "cancelReplay")));
    }

    private static ObjectNode wanted(Visit visit) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        boolean isGroup = !visit.given("group").isEmpty();
        ObjectNode which = wanted.putObject(isGroup ? "group" : "filter");
        visit.given(isGroup ? GROUP : FILTER).forEach(which::put);
        if (isGroup && visit.given("code").equals(NO_CODE)) {
            which.putNull("code");
        }
        visit.given(List.of("rate", "reason", "cutoff")).forEach(wanted::put);
        visit.given(List.of("ramp", "includeMaybeSent")).keySet().forEach(name -> wanted.put(name, true));
        String percent = visit.given("stopAt");
        if (!percent.isEmpty()) {
            wanted.put("stopAt", share(percent));
        }
        return wanted;
    }

    private static double share(String percent) {
        try {
            double share = Double.parseDouble(percent.replace(',', '.')) / 100;
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Api.Refusal.of("stopAt", "percent");
    }
}
