package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.WaitReason;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--waiting-for",
            paramLabel = "REASON",
            description = "With --all: only unfinished messages that wait for it: ${COMPLETION-CANDIDATES}.")
    private @Nullable WaitReason waitingFor;

    @Option(names = "--undo", description = "Undoes a discard, of messages by their ids.")
    private boolean undo;

    @Override
    public Integer call() throws InterruptedException {
        if (undo == (bulk.reason() != null)) {
            throw target.wrong("give a --reason, or --undo");
        }
        if (!bulk.isRun(target)) {
            return target.each(bulk.ids(), this::discard);
        }
        if (undo) {
            throw target.wrong("--undo needs ids, and has no --dry-run");
        }
        String path = waitingFor == null ? "/dead-letters/discard" : "/waiting/discard";
        return bulk.run(target, path, bulk.body(target, waitingFor));
    }

    private void discard(String id) {
        String path = "/messages/" + Api.encoded(id);
        JsonNode view = undo
                ? target.api().post(path + "/undiscard", null)
                : target.api().post(path + "/discard", Json.object().put("reason", bulk.reason()));
        target.show(view, MessageCommand.words(view));
    }
}
