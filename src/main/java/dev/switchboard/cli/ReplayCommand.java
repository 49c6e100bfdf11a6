package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description =
                "Sends dead letters again: by their ids, edited, or with --all those that the filter means, as a run.")
@SuppressWarnings("NullAway.Init")
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Mixin
    private Filter filter;

    @Parameters(arity = "0..*", paramLabel = "ID")
    private List<String> ids = List.of();

    @Option(
            names = "--edit",
            paramLabel = "FIELD=VALUE",
            description = "Sends the one as a new message with this field changed; may be given several times.")
    private List<String> edits = List.of();

    @Option(names = "--all", description = "All that the filter means, and that were dead when this was asked.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only shows what it would do.")
    private boolean dryRun;

    @Option(names = "--cutoff", paramLabel = "TIME", description = "Only what had failed by then.")
    private @Nullable String cutoff;

    @Option(names = "--rate", paramLabel = "N/s", description = "At most so many, such as 10/s.")
    private @Nullable String rate;

    @Option(names = "--ramp", description = "Begins with 1 a second, then 2, 5, 10, 20 and so on.")
    private boolean ramp;

    @Option(
            names = "--stop-at",
            paramLabel = "SHARE",
            description = "Stops when so many of those that ended are dead again, such as 0.2.")
    private @Nullable Double stopAt;

    @Option(names = "--include-maybe-sent", description = "Takes those too that the vendor may have done already.")
    private boolean maybeSent;

    @Option(names = "--reason", paramLabel = "TEXT")
    private @Nullable String reason;

    @Option(names = "--no-follow", description = "Does not wait for the run's end.")
    private boolean noFollow;

    @Override
    public Integer call() throws InterruptedException {
        if (all == !ids.isEmpty()) {
            throw target.wrong("replay wants ids, or --all and a filter");
        }
        if (!edits.isEmpty() && ids.size() != 1) {
            throw target.wrong("--edit wants one id");
        }
        if (!all && !dryRun) {
            ids.forEach(this::replay);
            return 0;
        }
        JsonNode run = target.api().post("/dead-letters/replay", run());
        if (dryRun) {
            target.show(run, run.toPrettyString());
            return 0;
        }
        if (!noFollow) {
            run = ReplaysCommand.follow(target, run.path("id").asText());
        }
        target.show(run, ReplaysCommand.words(List.of(run)));
        return noFollow ? 0 : ReplaysCommand.status(run);
    }

    private void replay(String id) {
        String path = "/messages/" + Api.encoded(id);
        JsonNode view = target.api()
                .post(
                        path + "/replay",
                        edits.isEmpty() ? null : edited(target.api().get(path)));
        target.show(view, MessageCommand.words(view));
        long later = view.path("laterSent").asLong();
        if (later > 0) {
            target.err().println("switchboard: " + later + " later messages of its conversation have gone out already");
        }
    }

    private JsonNode edited(JsonNode view) {
        ObjectNode message = Message.ofView(view);
        edits.forEach(edit -> SendCommand.put(target, message, edit));
        return message;
    }

    private ObjectNode run() {
        ObjectNode body = Api.JSON.createObjectNode();
        if (all) {
            body.set("filter", filter.json());
        } else {
            ids.forEach(body.putArray("ids")::add);
        }
        for (Map.Entry<String, Boolean> each : Map.of("ramp", ramp, "includeMaybeSent", maybeSent, "dryRun", dryRun)
                .entrySet()) {
            if (each.getValue()) {
                body.put(each.getKey(), true);
            }
        }
        put(body, "cutoff", cutoff);
        put(body, "rate", rate);
        put(body, "reason", reason);
        if (stopAt != null) {
            body.put("stopAt", stopAt);
        }
        return body;
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
