package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "instances",
        description = "Shows the instances that share the store, and which lanes each serves.",
        footer = "%nExample: ./switchboard instances --drain 3f2a90c1")
@SuppressWarnings("NullAway.Init")
final class InstancesCommand extends BusCommand {

    @Option(names = "--drain", paramLabel = "ID", description = "Gives the lanes of this instance to the others.")
    private @Nullable String drain;

    @Override
    public Integer call() {
        JsonNode all = drain == null
                ? target.api().get("/instances")
                : target.api().post("/instances/" + Api.encoded(drain) + "/drain", null);
        var table = new Table("instance", "state", "version", "since", "heartbeat", "lanes");
        all.path("instances").forEach(each -> {
            var lanes = new StringJoiner(", ");
            each.path("lanes").forEach(lane -> lanes.add(lane.asText()));
            table.row(
                    each.path("id").asText(),
                    each.path("state").asText(),
                    each.path("version").asText(),
                    each.path("since").asText(),
                    each.path("heartbeat").asText(),
                    lanes.toString());
        });
        target.show(all, table.toString());
        return 0;
    }
}
