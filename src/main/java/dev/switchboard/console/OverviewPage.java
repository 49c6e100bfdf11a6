package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows in ten seconds what is wrong. */
final class OverviewPage {

    private static final Set<String> RUNNING = Set.of("reading", "sending", "paused");
    private static final int BATCHES = 10;
    private static final int GROUPS = 5;

    private OverviewPage() {}

    /** A sender, who sees no lanes, starts with its messages. */
    static Screen show(Api api, Visit visit) {
        if (!visit.viewer().may("listLanes")) {
            return Screen.at("/console/messages");
        }
        JsonNode lanes = api.list("listLanes", Map.of());
        List<JsonNode> batches = Json.list(api.list("listBatches", Map.of()).path("batches"));
        List<JsonNode> replays = ReplayPages.runs(api);
        List<JsonNode> groups =
                Json.list(api.list("listDeadLetterGroups", Map.of()).path("groups"));
        return Screen.of(
                "overview",
                Map.of(
                        "runs",
                        replays,
                        "lanes",
                        Json.list(lanes.path("lanes")),
                        "batches",
                        running(batches),
                        "groups",
                        groups.subList(0, Math.min(GROUPS, groups.size())),
                        "troubles",
                        new Troubles()
                                .ofLanes(Json.list(lanes.path("lanes")))
                                .ofIntakes(lanes.path("intakes"))
                                .ofBatches(batches)
                                .ofReplays(replays)
                                .ofDeadLetters(DeadLettersSeen.newOnes(groups, visit))
                                .all(),
                        "span",
                        visit.given("span").equals("day") ? "day" : "hour"));
    }

    private static List<JsonNode> running(List<JsonNode> batches) {
        return batches.stream()
                .filter(batch -> RUNNING.contains(batch.path("state").asText()))
                .limit(BATCHES)
                .toList();
    }
}
