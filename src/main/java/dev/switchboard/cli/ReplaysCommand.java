package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replays",
        description = "Shows the replays of many dead letters, or one by its id.",
        footer = "%nExample: ./switchboard replays --json")
@SuppressWarnings("NullAway.Init")
final class ReplaysCommand extends BusCommand {

    @Parameters(arity = "0..1", paramLabel = "ID")
    private @Nullable String id;

    @Option(names = "--follow", description = "Shows the progress of one replay until it ends.")
    private boolean follow;

    @Option(names = "--cancel", description = "Cancels one replay.")
    private boolean cancel;

    @Override
    public Integer call() throws InterruptedException {
        if (id == null) {
            JsonNode all = target.api().get("/replays");
            target.show(all, words(all.path("replays")));
            return 0;
        }
        JsonNode run = cancel
                ? target.api().post(path(id) + "/cancel", null)
                : target.api().get(path(id));
        if (follow) {
            run = follow(target, id);
        }
        target.show(run, words(List.of(run)));
        return follow ? status(run) : 0;
    }

    private static String path(String id) {
        return "/replays/" + Api.encoded(id);
    }

    static JsonNode follow(Target target, String id) throws InterruptedException {
        return new Progress(target, "total", "replayed", "delivered", "relapsed", "skipped")
                .follow(path(id), List.of("running"));
    }

    /** A replay succeeded if it finished and no message failed again. */
    static int status(JsonNode run) {
        return run.path("state").asText().equals("finished")
                        && run.path("relapsed").asLong() == 0
                ? 0
                : 1;
    }

    static String words(Iterable<JsonNode> runs) {
        var table = new Table(
                "id",
                "action",
                "state",
                "total",
                "replayed",
                "delivered",
                "relapsed",
                "skipped",
                "startedAt",
                "why",
                "waits for");
        runs.forEach(run -> table.row(
                run.path("id").asText(),
                run.path("action").asText(),
                run.path("state").asText(),
                run.path("total").asText(),
                run.path("replayed").asText(),
                run.path("delivered").asText(),
                run.path("relapsed").asText(),
                run.path("skipped").asText(),
                run.path("startedAt").asText(),
                run.path("why").asText(""),
                WaitText.ofAll(run.path("waitingFor"))));
        return runs.iterator().hasNext() ? table.toString() : Target.NONE;
    }
}
