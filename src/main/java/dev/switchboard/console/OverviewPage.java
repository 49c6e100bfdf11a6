package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
        List<JsonNode> all = Json.list(api.list("listBatches", Map.of()).path("batches"));
        List<Trouble> troubles = troubles(lanes);
        troubles.addAll(stopped(all, Instant.now().minus(Duration.ofDays(1))));
        troubles.sort(Comparator.comparing(Trouble::level));
        List<JsonNode> groups =
                Json.list(api.list("listDeadLetterGroups", Map.of()).path("groups"));
        return Screen.of(
                "overview",
                Map.of(
                        "lanes",
                        Json.list(lanes),
                        "batches",
                        running(all),
                        "groups",
                        groups.subList(0, Math.min(GROUPS, groups.size())),
                        "troubles",
                        troubles,
                        "span",
                        visit.given("span").equals("day") ? "day" : "hour"));
    }

    private static List<JsonNode> running(List<JsonNode> batches) {
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
        return troubles;
    }

    /** Files that stopped since then, newest first; one that was dropped again is not shown any more. */
    private static List<Trouble> stopped(List<JsonNode> batches, Instant since) {
        var names = new HashSet<String>();
        return batches.stream()
                .filter(batch -> names.add(batch.path("name").asText()))
                .filter(batch -> batch.path("state").asText().equals("stopped"))
                .filter(batch -> Instant.parse(batch.path("startedAt").asText()).isAfter(since))
                .limit(GROUPS)
                .map(batch -> new Trouble(
                        "bad",
                        "file",
                        batch.path("name").asText(),
                        batch.path("reason").asText(),
                        "/console/batches/" + batch.path("id").asText()))
                .toList();
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
