package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows in ten seconds what is wrong. */
final class OverviewPage {

    private static final Set<String> RUNNING = Set.of("reading", "sending", "paused");
    private static final int BATCHES = 10;
    private static final int GROUPS = 5;

    private OverviewPage() {}

    /**
     * Something that a person should look at.
     *
     * @param level {@code bad} or {@code warn}
     * @param kind names its text
     * @param subject what it is about
     * @param why what the bus says of it
     * @param href where it is put right
     */
    record Trouble(String level, String kind, String subject, String why, String href) {}

    static Screen show(Api api, Visit visit) {
        JsonNode lanes = api.list("listLanes", Map.of()).path("lanes");
        List<JsonNode> batches = running(api.list("listBatches", Map.of()).path("batches"));
        List<JsonNode> groups =
                Json.list(api.list("listDeadLetterGroups", Map.of()).path("groups"));
        return Screen.of(
                "overview",
                Map.of(
                        "lanes",
                        Json.list(lanes),
                        "batches",
                        batches,
                        "groups",
                        groups.subList(0, Math.min(GROUPS, groups.size())),
                        "troubles",
                        troubles(lanes),
                        "span",
                        visit.given("span").equals("day") ? "day" : "hour"));
    }

    private static List<JsonNode> running(JsonNode batches) {
        var running = new ArrayList<JsonNode>();
        for (JsonNode batch : batches) {
            if (RUNNING.contains(batch.path("state").asText()) && running.size() < BATCHES) {
                running.add(batch);
            }
        }
        return running;
    }

    private static List<Trouble> troubles(JsonNode lanes) {
        var troubles = new ArrayList<Trouble>();
        for (JsonNode lane : lanes) {
            for (JsonNode circuit : lane.path("circuits")) {
                if (!circuit.path("state").asText().equals("closed")) {
                    troubles.add(ofCircuit(lane, circuit));
                }
            }
            if (lane.path("state").asText().equals("paused")) {
                troubles.add(new Trouble(
                        "warn", "paused", name(lane), lane.path("why").asText(), href(lane)));
            }
        }
        troubles.sort((one, other) -> one.level().compareTo(other.level()));
        return troubles;
    }

    private static Trouble ofCircuit(JsonNode lane, JsonNode circuit) {
        String state = circuit.path("state").asText();
        return new Trouble(
                state.equals("stopped") ? "bad" : "warn",
                state,
                name(lane) + " · " + circuit.path("api").asText(),
                circuit.path("why").asText(),
                href(lane));
    }

    private static String name(JsonNode lane) {
        return lane.path("vendor").asText() + "/" + lane.path("account").asText();
    }

    private static String href(JsonNode lane) {
        return "/console/lanes/" + name(lane);
    }
}
