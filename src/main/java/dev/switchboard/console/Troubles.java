package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects what needs attention. */
final class Troubles {

    /** What stopped on Friday evening is still shown on Monday morning. */
    private static final Duration SHOWN_FOR = Duration.ofDays(3);

    private static final int MOST = 5;
    private static final String BAD = "bad";
    private static final String WARN = "warn";
    private static final Set<String> WELL = Set.of("running", "off");

    private final List<Trouble> all = new ArrayList<>();

    /**
     * Something that a person should look at.
     *
     * @param level {@code bad} or {@code warn}
     * @param kind names its text
     * @param subject what it is about
     * @param why what the bus says of it
     * @param href where it is fixed
     */
    record Trouble(String level, String kind, String subject, String why, String href) {}

    /** Returns them, the worst first. */
    List<Trouble> all() {
        return all.stream().sorted(Comparator.comparing(Trouble::level)).toList();
    }

    private void add(String level, String kind, String subject, JsonNode why, String href) {
        all.add(new Trouble(level, kind, subject, why.asText(), href));
    }

    /** Adds lanes that send nothing or not everything. A bus without any lane sends nothing at all. */
    Troubles ofLanes(List<JsonNode> lanes) {
        if (lanes.isEmpty()) {
            all.add(new Trouble(BAD, "noLanes", "", "", "/console/routes"));
        }
        for (JsonNode lane : lanes) {
            String state = lane.path("state").asText();
            if (!state.equals("running")) {
                add(WARN, state, name(lane), lane.path("why"), href(lane));
            }
            lane.path("circuits").forEach(circuit -> ofCircuit(lane, circuit));
        }
        return this;
    }

    private void ofCircuit(JsonNode lane, JsonNode circuit) {
        String state = circuit.path("state").asText();
        if (!state.equals("closed")) {
            String subject = name(lane) + " · " + circuit.path("api").asText();
            add(state.equals("stopped") ? BAD : WARN, state, subject, circuit.path("why"), href(lane));
        }
    }

    private static String name(JsonNode lane) {
        return lane.path("vendor").asText() + "/" + lane.path("account").asText();
    }

    private static String href(JsonNode lane) {
        return "/console/lanes/" + name(lane);
    }

    /** Adds intakes that take nothing, unless a setting has switched them off. */
    Troubles ofIntakes(JsonNode intakes) {
        for (JsonNode intake : intakes) {
            if (!WELL.contains(intake.path("state").asText())) {
                add(BAD, "intake", intake.path("name").asText(), intake.path("why"), "/console/routes");
            }
        }
        return this;
    }

    /** Adds files that are paused, and those that stopped lately and were not dropped again. */
    Troubles ofBatches(List<JsonNode> newestFirst) {
        var names = new HashSet<String>();
        List<JsonNode> latest = newestFirst.stream()
                .filter(batch -> names.add(batch.path("name").asText()))
                .toList();
        latest.stream()
                .filter(batch -> is(batch, "stopped") && isRecent(batch.path("startedAt")))
                .limit(MOST)
                .forEach(batch -> ofBatch(BAD, "file", batch));
        newestFirst.stream()
                .filter(batch -> is(batch, "paused"))
                .limit(MOST)
                .forEach(batch -> ofBatch(WARN, "filePaused", batch));
        return this;
    }

    private void ofBatch(String level, String kind, JsonNode batch) {
        String href = "/console/batches/" + batch.path("id").asText();
        add(level, kind, batch.path("name").asText(), batch.path("reason"), href);
    }

    /** Adds replays that stopped lately because their messages failed again. */
    Troubles ofReplays(List<JsonNode> newestFirst) {
        newestFirst.stream()
                .filter(run -> is(run, "stopped") && isRecent(run.path("startedAt")))
                .limit(MOST)
                .forEach(run -> add(
                        WARN,
                        "replay",
                        run.path("reason").asText(),
                        run.path("why"),
                        "/console/replays/" + run.path("id").asText()));
        return this;
    }

    /** Adds dead letters that the viewer has not seen. */
    Troubles ofDeadLetters(List<JsonNode> groups) {
        if (!groups.isEmpty()) {
            String lanes = groups.stream().map(Troubles::name).distinct().collect(Collectors.joining(", "));
            all.add(new Trouble(WARN, "newDead", lanes, "", "/console/dead-letters"));
        }
        return this;
    }

    private static boolean is(JsonNode node, String state) {
        return node.path("state").asText().equals(state);
    }

    private static boolean isRecent(JsonNode time) {
        return Instant.parse(time.asText()).isAfter(Instant.now().minus(SHOWN_FOR));
    }
}
