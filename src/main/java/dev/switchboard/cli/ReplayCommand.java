package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description =
                "Sends dead letters again: by their ids, one of them edited, or with --all all that match the filter,"
                        + " as a replay.",
        footer = {
            "",
            "Examples:",
            "  ./switchboard replay order-17 --edit conversationId=room-9",
            "  ./switchboard replay --all --vendor acme --class unavailable --dry-run"
        })
@SuppressWarnings("NullAway.Init")
final class ReplayCommand extends BusCommand {

    @Mixin
    private Filter filter;

    @Parameters(arity = "0..*", paramLabel = "ID")
    private List<String> ids = List.of();

    @Option(
            names = "--edit",
            paramLabel = "FIELD=VALUE",
            description = "Sends one message as a new one with this field changed; repeatable.")
    private List<String> edits = List.of();

    @Option(names = "--all", description = "All that match the filter and are dead now.")
    private boolean all;

    @Option(names = "--dry-run", description = "Shows what would be sent, and sends nothing.")
    private boolean dryRun;

    @Option(names = "--cutoff", paramLabel = "TIME", description = "Only messages that had failed by then.")
    private @Nullable String cutoff;

    @Option(names = "--rate", paramLabel = "N/s", description = "The highest rate, such as 10/s.")
    private @Nullable String rate;

    @Option(names = "--ramp", description = "Starts slowly: 1, 2, 5, 10, 20 … per second.")
    private boolean ramp;

    @Option(names = "--stop-at", paramLabel = "SHARE", description = "Stops when this share fails again, such as 0.2.")
    private @Nullable Double stopAt;

    @Option(names = "--include-maybe-sent", description = "Includes messages that the vendor may have received.")
    private boolean maybeSent;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown with the replay.")
    private @Nullable String reason;

    @Option(names = "--no-follow", description = "Does not wait until the replay ends.")
    private boolean noFollow;

    @Override
    public Integer call() throws InterruptedException {
        if (all == !ids.isEmpty()) {
            throw target.wrong("replay needs either ids, or --all and a filter");
        }
        if (!edits.isEmpty() && ids.size() != 1) {
            throw target.wrong("--edit needs exactly one id");
        }
        if (!edits.isEmpty() || (!all && !dryRun)) {
            return target.each(ids, this::replay);
        }
        JsonNode run = target.api().post("/dead-letters/replay", run());
        if (dryRun) {
            if (all && run.path("total").asLong() == 0) {
                filter.requireKnown(target.api());
            }
            target.show(run, preview(run));
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
                        path + "/replay" + (dryRun ? "?dryRun=true" : ""),
                        edits.isEmpty() ? null : edited(target.api().get(path)));
        target.show(view, dryRun ? preview(view) : MessageCommand.words(view));
        long later = view.path("laterSent").asLong();
        if (later > 0) {
            target.err().println("switchboard: " + later + " later messages of its conversation have gone out already");
        }
    }

    private static String preview(JsonNode run) {
        var table = new Table(
                "id", "state", "vendor", "account", "class", "code", "was sent", "would be sent", "would wait for");
        run.path("messages")
                .forEach(message -> table.row(
                        message.path("id").asText(),
                        message.path("state").asText(),
                        message.path("vendor").asText(),
                        message.path("account").asText(),
                        message.at("/failure/class").asText(),
                        message.at("/failure/code").asText(),
                        text(message.path("sent")),
                        text(message.path("wouldSend")),
                        WaitText.of(message.path("waitingFor"))));
        long left = run.path("skipped").asLong();
        return table + System.lineSeparator() + "Would send "
                + run.path("total").asLong() + " again"
                + (left == 0 ? "." : "; " + left + " may have been sent and are left out (--include-maybe-sent).");
    }

    /** Shows a request, or why there would be none. */
    private static String text(JsonNode preview) {
        JsonNode shown = preview.path("failure").isMissingNode() ? preview : preview.path("failure");
        JsonNode request = shown.path("request").isMissingNode() ? shown : shown.path("request");
        return request.isValueNode() || request.isMissingNode() ? request.asText() : request.toString();
    }

    private JsonNode edited(JsonNode view) {
        ObjectNode message = Message.ofView(view);
        edits.forEach(edit -> SendCommand.put(target, message, edit));
        return message;
    }

    private ObjectNode run() {
        ObjectNode body = Json.object();
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
