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
        var table = new Table("lane", "state", "depth", "oldest", "in flight", "rate", "circuits");
        lanes.forEach(lane -> table.row(
                lane.path("vendor").asText() + "/" + lane.path("account").asText(),
                state(lane),
                lane.path("depth").asText(),
                lane.path("oldest").asText(""),
                lane.path("inFlight").asText(),
                rate(lane),
                circuits(lane.path("circuits"))));
        return table.toString();
    }

    private static String state(JsonNode lane) {
        String why = lane.path("why").asText("");
        String until = lane.path("until").asText("");
        return lane.path("state").asText()
                + (until.isEmpty() ? "" : " until " + until)
                + (why.isEmpty() ? "" : ": " + why);
    }

    private static String rate(JsonNode lane) {
        String limit = lane.path("limit").asText("");
        return lane.path("rate").asText("") + "/s" + (limit.isEmpty() ? "" : " of " + limit);
    }

    private static String circuits(JsonNode circuits) {
        var shown = new StringJoiner("; ");
        circuits.forEach(circuit -> {
            String why = circuit.path("why").asText("");
            shown.add(circuit.path("api").asText() + " " + circuit.path("state").asText()
                    + (why.isEmpty() ? "" : ": " + why));
        });
        return shown.toString();
    }
}
