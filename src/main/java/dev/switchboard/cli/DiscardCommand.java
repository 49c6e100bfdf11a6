package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "discard",
        description = {
            "Discards dead letters, so that they are not sent again. You can undo this for 24 hours.",
            "Also discards waiting messages (with --all, those that --waiting-for names); you cannot undo that."
        },
        footer = "%nExample: ./switchboard discard order-17 order-18 --reason \"the customer has called\"")
@SuppressWarnings("NullAway.Init")
final class DiscardCommand extends BusCommand {

    @Mixin
    private Bulk bulk;

    @ArgGroup(multiplicity = "1")
    private Way way;

    private static final class Way {
        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "Why; it is shown with the message.")
        private @Nullable String reason;

        @Option(names = "--undo", required = true, description = "Undoes a discard.")
        private boolean undo;
    }

    @Override
    public Integer call() throws InterruptedException {
        int status = target.each(bulk.ids(target), this::discard);
        if (!bulk.isAll()) {
            return status;
        }
        if (way.undo) {
            throw target.wrong("--undo needs ids");
        }
        return bulk.run(target, bulk.isOfWaiting() ? "/waiting/discard" : "/dead-letters/discard", way.reason);
    }

    private void discard(String id) {
        String path = "/messages/" + Api.encoded(id);
        JsonNode view = way.undo
                ? target.api().post(path + "/undiscard", null)
                : target.api().post(path + "/discard", Json.object().put("reason", way.reason));
        target.show(view, MessageCommand.words(view));
    }
}
