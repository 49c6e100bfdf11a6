package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
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
            return end(target, id);
        }
        target.show(run, words(List.of(run)));
        return 0;
    }

    private static String path(String id) {
        return "/replays/" + Api.encoded(id);
    }

    /** Follows a run to its end; returns the status: 0 if it finished and no message failed again. */
    static int end(Target target, String id) throws InterruptedException {
        JsonNode run = new Progress(target, "total", "replayed", "delivered", "relapsed", "skipped")
                .follow(path(id), List.of("running"));
        target.show(run, words(List.of(run)));
        boolean good = run.path("state").asText().equals("finished")
                && run.path("relapsed").asLong() == 0;
        return good ? 0 : 1;
    }

    static String words(Iterable<JsonNode> runs) {
        String[] fields = "id action state total replayed delivered relapsed skipped startedAt reason why".split(" ");
        var table = new Table(
                Stream.concat(Stream.of(fields), Stream.of("waits for")).toArray(String[]::new));
        runs.forEach(run ->
                table.row(Stream.concat(Table.cells(run, fields), Stream.of(WaitText.ofAll(run.path("waitingFor"))))
                        .toArray()));
        return table.toString();
    }
}
