package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "batches",
        description = "Shows the newest batches, those of a file's name, or one by its id.",
        footer = "%nExample: ./switchboard batches --name orders.csv")
@SuppressWarnings("NullAway.Init")
final class BatchesCommand extends BusCommand {

    @Parameters(arity = "0..1", paramLabel = "ID")
    private @Nullable String id;

    @Option(names = "--name", paramLabel = "FILE", description = "Batches of a file of that name.")
    private @Nullable String name;

    @Option(names = "--follow", description = "Shows the progress of one batch until it ends.")
    private boolean follow;

    @Option(names = "--cancel", description = "Cancels one batch: its messages that have not been sent are discarded.")
    private boolean cancel;

    @Override
    public Integer call() throws InterruptedException {
        if (id == null) {
            JsonNode all = target.api().get("/batches" + (name == null ? "" : "?name=" + Api.encoded(name)));
            if (name != null && all.path("batches").isEmpty()) {
                List<String> names = target.api().get("/batches").findValuesAsText("name");
                throw NotDone.unknown("batch of a file", name, names);
            }
            target.show(all, words(all.path("batches")));
            return 0;
        }
        String path = "/batches/" + Api.encoded(id);
        JsonNode batch = cancel
                ? target.api().post(path + "/cancel", null)
                : target.api().get(path);
        if (follow) {
            batch = new Progress(target, "read", "accepted", "delivered", "dead", "uncertain", "discarded")
                    .follow(path, List.of("reading", "sending"));
        }
        target.show(batch, words(List.of(batch)));
        return batch.path("state").asText().equals("stopped") ? 1 : 0;
    }

    static String words(Iterable<JsonNode> batches) {
        String[] fields =
                ("id name state read accepted duplicate invalid delivered dead uncertain waiting discarded rate"
                                + " estimatedEnd reason")
                        .split(" ");
        var table = new Table(fields);
        batches.forEach(batch -> table.row(batch, fields));
        return table.toString();
    }
}
