package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows dead letters by their cause, and sends many of them again, discards or closes them. */
final class ReplayPages {

    static final List<String> GROUP = List.of("vendor", "account", "class", "code", "deadLetter");
    private static final List<String> FILTER =
            List.of("q texts vendor account class code deadLetter conversation batch from to".split(" "));
    private static final List<String> FORM = List.of("rate", "ramp", "stopAt", "includeMaybeSent", "reason", "cutoff");
    private static final String NO_CODE = "-";
    private static final String REPLAY = "replay";
    private static final String RESOLVE = "resolve";

    private ReplayPages() {}

    static Screen groups(Api api, Visit visit) {
        DeadLettersSeen.remember(visit);
        JsonNode groups = api.list("listDeadLetterGroups", Map.of()).path("groups");
        return Screen.of("groups", Map.of("groups", Json.list(groups), "runs", runs(api)));
    }

    static List<JsonNode> runs(Api api) {
        return Json.list(api.list("listReplays", Map.of()).path("replays"));
    }

    static Screen list(Api api, Visit visit) {
        return Screen.of("replays", Map.of("runs", runs(api)));
    }

    static Screen show(Api api, Visit visit) {
        return Screen.of("replay", Map.of("run", api.get("getReplay", Map.of("id", Visit.encoded(visit.path("id"))))));
    }

    /** Shows what would be done with many messages before anything is: with those selected, of a group or of a filter. */
    static Screen prepare(Api api, Visit visit) {
        var data = new HashMap<String, Object>(Map.of("asked", visit.asked(FORM), "ids", visit.all("ids")));
        data.put("chosen", visit.given(FILTER));
        data.put("cause", visit.given("group"));
        data.put("fresh", visit.given("look").isEmpty() && !visit.typed().containsKey("stopAt"));
        data.put("preview", JsonNodeFactory.instance.objectNode());
        data.put("messages", List.of());
        data.put("uncertain", 0L);
        var screen = Screen.of("replay-new", data);
        try {
            JsonNode preview = preview(api, visit, REPLAY);
            data.put("preview", preview);
            data.put("messages", Json.list(preview.path("messages")));
            data.put("uncertain", preview(api, visit, RESOLVE).path("total").asLong());
            return screen;
        } catch (Api.Refusal e) {
            return screen.refused(e, visit.asked(FORM));
        }
    }

    private static JsonNode preview(Api api, Visit visit, String action) {
        return api.post(operation(action), Map.of(), wanted(visit, action).put("dryRun", true));
    }

    private static String operation(String action) {
        return switch (action) {
            case "discard" -> "discardDeadLetters";
            case RESOLVE -> "resolveDeadLetters";
            default -> "replayDeadLetters";
        };
    }

    static Screen begin(Api api, Visit visit) {
        String action = visit.given("action").isEmpty() ? REPLAY : visit.given("action");
        JsonNode run = api.post(operation(action), Map.of(), wanted(visit, action));
        return Screen.at("/console/replays/" + Visit.encoded(run.path("id").asText()));
    }

    static Screen cancel(Api api, Visit visit) {
        String id = Visit.encoded(visit.path("id"));
        api.post("cancelReplay", Map.of("id", id), JsonNodeFactory.instance.objectNode());
        return Screen.at(Visit.address("/console/replays/" + id, Map.of("done", "cancelReplay")));
    }

    private static ObjectNode wanted(Visit visit, String action) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        boolean isGroup = !visit.given("group").isEmpty();
        if (visit.all("ids").isEmpty()) {
            ObjectNode which = wanted.putObject(isGroup ? "group" : "filter");
            visit.given(isGroup ? GROUP : FILTER).forEach(which::put);
            if (isGroup && visit.given("code").equals(NO_CODE)) {
                which.putNull("code");
            }
        } else {
            visit.all("ids").forEach(wanted.putArray("ids")::add);
        }
        visit.given(List.of("reason", "cutoff")).forEach(wanted::put);
        if (action.equals(REPLAY)) {
            visit.given(List.of("rate")).forEach(wanted::put);
            visit.given(List.of("ramp", "includeMaybeSent")).keySet().forEach(name -> wanted.put(name, true));
            String percent = visit.given("stopAt");
            wanted.put("stopAt", percent.isEmpty() ? null : share(percent));
        }
        return wanted;
    }

    private static Double share(String percent) {
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
