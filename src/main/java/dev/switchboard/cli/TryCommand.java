package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.WaitReason;
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

    @Option(
            names = "--waiting-for",
            paramLabel = "REASON",
            description = "With --all: only messages that wait for it: ${COMPLETION-CANDIDATES}.")
    private @Nullable WaitReason waitingFor;

    @Override
    public Integer call() throws InterruptedException {
        return bulk.isRun(target)
                ? bulk.run(target, "/waiting/try", bulk.body(target, waitingFor))
                : target.each(bulk.ids(), this::tryNow);
    }

    private void tryNow(String id) {
        JsonNode view = target.api().post("/messages/" + Api.encoded(id) + "/try", null);
        target.show(view, MessageCommand.words(view));
    }
}
