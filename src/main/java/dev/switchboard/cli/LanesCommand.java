package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

@Command(name = "lanes", description = "Shows the lanes and their circuits.", footer = "%nExample: ./switchboard lanes")
@SuppressWarnings("NullAway.Init")
final class LanesCommand extends BusCommand {

    @Override
    public Integer call() {
        JsonNode lanes = target.api().get("/lanes");
        target.show(lanes, words(lanes.path("lanes")));
        return 0;
    }

    static String words(Iterable<JsonNode> lanes) {
        var table = new Table("lane", "state", "depth", "oldest", "in flight", "rate", "waits for");
        lanes.forEach(lane -> table.row(
                lane.path("vendor").asText() + "/" + lane.path("account").asText(),
                state(lane),
                lane.path("depth").asText(),
                lane.path("oldest").asText(""),
                lane.path("inFlight").asText(),
                rate(lane),
                WaitText.ofAll(lane.path("waitingFor"))));
        return table.toString();
    }

    /** A lane whose circuit is not closed does not run as it should. */
    private static String state(JsonNode lane) {
        var circuits = new StringJoiner(", ");
        lane.path("circuits").forEach(circuit -> {
            if (!circuit.path("state").asText().equals("closed")) {
                circuits.add(circuit.path("api").asText() + " "
                        + circuit.path("state").asText());
            }
        });
        String state = lane.path("state").asText();
        return state.equals("running") && circuits.length() > 0 ? circuits.toString() : state;
    }

    private static String rate(JsonNode lane) {
        String limit = lane.path("limit").asText("");
        return lane.path("rate").asText("") + "/s" + (limit.isEmpty() ? "" : " of " + limit);
    }
}
