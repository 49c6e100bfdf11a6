package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    private Bulk bulk;

    @Option(
            names = "--edit",
            paramLabel = "FIELD=VALUE",
            description = "Sends one message as a new one with this field changed; repeatable.")
    private List<String> edits = List.of();

    @Option(names = "--cutoff", paramLabel = "TIME", description = "Only messages that had failed by then.")
    private @Nullable String cutoff;

    @Option(names = "--ramp", description = "Starts slowly: 1, 2, 5, 10, 20 … per second.")
    private boolean ramp;

    @Option(names = "--stop-at", paramLabel = "SHARE", description = "Stops when this share fails again, such as 0.2.")
    private @Nullable Double stopAt;

    @Option(
            names = "--include-maybe-sent",
            description = "Includes messages that the vendor may have received, and those that have a fallback.")
    private boolean maybeSent;

    @Option(names = "--no-follow", description = "Does not wait until the replay ends.")
    private boolean noFollow;

    @Override
    public Integer call() throws InterruptedException {
        boolean isRun = bulk.isRun(target);
        if (!edits.isEmpty() && bulk.ids().size() != 1) {
            throw target.wrong("--edit needs exactly one id");
        }
        if (!isRun || !edits.isEmpty()) {
            return target.each(bulk.ids(), this::replay);
        }
        JsonNode run = bulk.begin(target, "/dead-letters/replay", body());
        if (!bulk.isDryRun() && !noFollow) {
            return ReplaysCommand.end(target, run.path("id").asText());
        }
        target.show(run, bulk.isDryRun() ? preview(run) : ReplaysCommand.words(List.of(run)));
        return 0;
    }

    private void replay(String id) {
        String path = "/messages/" + Api.encoded(id);
        JsonNode view = target.api()
                .post(
                        path + "/replay?dryRun=" + bulk.isDryRun() + "&includeMaybeSent=" + maybeSent,
                        edits.isEmpty() ? null : edited(target.api().get(path)));
        target.show(view, bulk.isDryRun() ? preview(view) : MessageCommand.words(view));
        long later = view.path("laterSent").asLong();
        if (later > 0) {
            target.err()
                    .println("switchboard: " + later
                            + (later == 1
                                    ? " later message of its conversation has"
                                    : " later messages of its conversation have")
                            + " gone out already");
        }
    }

    private static String preview(JsonNode run) {
        var table = new Table(
                "id", "state", "vendor", "account", "class", "code", "was sent", "would be sent", "would wait for");
        String[] fields = "id state vendor account /failure/class /failure/code".split(" ");
        run.path("messages")
                .forEach(message -> table.row(Stream.concat(
                                Table.cells(message, fields),
                                Stream.of(
                                        text(message.path("sent")),
                                        text(message.path("wouldSend")),
                                        WaitText.of(message.path("waitingFor"))))
                        .toArray()));
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

    private ObjectNode body() {
        ObjectNode body = bulk.body().put("cutoff", cutoff).put("stopAt", stopAt);
        return Json.withoutNulls(body.put("ramp", ramp).put("includeMaybeSent", maybeSent));
    }
}
