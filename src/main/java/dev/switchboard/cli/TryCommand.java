package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "try",
        description =
                "Tries waiting messages now: by their ids, or with --all all that match the filter, such as those of a lane.",
        footer = "%nExample: ./switchboard try --all --vendor acme --account default --waiting-for retry")
@SuppressWarnings("NullAway.Init")
final class TryCommand extends BusCommand {

    @Mixin
    private Bulk bulk;

    @Option(names = "--reason", paramLabel = "TEXT", description = "With --all: why; it is shown with the run.")
    private @Nullable String reason;

    @Override
    public Integer call() throws InterruptedException {
        int status = target.each(bulk.ids(target), this::tryNow);
        return bulk.isAll() ? bulk.run(target, "/waiting/try", reason) : status;
    }

    private void tryNow(String id) {
        JsonNode view = target.api().post("/messages/" + Api.encoded(id) + "/try", null);
        target.show(view, MessageCommand.words(view));
    }
}
