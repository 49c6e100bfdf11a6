package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pause",
        description = "Pauses a lane or a batch until it is resumed.",
        footer = "%nExample: ./switchboard pause acme/default --reason \"new password\" --until 2026-11-21T08:00:00Z")
@SuppressWarnings("NullAway.Init")
final class PauseCommand extends BusCommand {

    @Parameters(paramLabel = "VENDOR/ACCOUNT|BATCH")
    private String what;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown with the lane.")
    private @Nullable String reason;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Resumes the lane by itself, such as 2026-11-21T08:00:00Z.")
    private @Nullable String until;

    @Override
    public Integer call() {
        ObjectNode body = Json.object();
        body.put("reason", reason == null ? "paused by hand" : reason);
        if (until != null) {
            body.put("until", until);
        }
        done(target, what, "pause", body);
        return 0;
    }

    /** Does something to a lane, whose name has a slash, or to a batch, whose id has none. */
    static void done(Target target, String what, String verb, @Nullable JsonNode body) {
        if (what.contains("/")) {
            JsonNode lane = target.api().post("/lanes/" + path(target, what) + "/" + verb, body);
            target.show(lane, LanesCommand.words(List.of(lane)));
        } else {
            JsonNode batch = target.api().post("/batches/" + Api.encoded(what) + "/" + verb, null);
            target.show(batch, BatchesCommand.words(List.of(batch)));
        }
    }

    static String path(Target target, String lane) {
        int slash = lane.indexOf('/');
        if (slash < 1) {
            throw target.wrong(lane + " is not VENDOR/ACCOUNT");
        }
        return Api.encoded(lane.substring(0, slash)) + "/" + Api.encoded(lane.substring(slash + 1));
    }
}
