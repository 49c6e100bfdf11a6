package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resolve",
        description = {
            "Closes uncertain messages that are known to have been delivered.",
            "With one id, --conversation is the conversation that the message started, for the messages that wait for it."
        },
        footer = "%nExample: ./switchboard resolve order-17 --conversation room-9")
@SuppressWarnings("NullAway.Init")
final class ResolveCommand extends BusCommand {

    @Mixin
    private Bulk bulk;

    @Option(names = "--reason", paramLabel = "TEXT", description = "With --all: why; it is shown with the run.")
    private @Nullable String reason;

    @Override
    public Integer call() throws InterruptedException {
        if (bulk.isAll()) {
            bulk.ids(target);
            return bulk.run(target, "/dead-letters/resolve", reason);
        }
        String conversation = bulk.takeConversation();
        List<String> ids = bulk.ids(target);
        if (conversation != null && ids.size() > 1) {
            throw target.wrong("--conversation: name one message");
        }
        JsonNode asked = conversation == null ? null : Json.object().put("conversationId", conversation);
        return target.each(ids, id -> {
            JsonNode view = target.api().post("/messages/" + Api.encoded(id) + "/resolve", asked);
            target.show(view, MessageCommand.words(view));
        });
    }
}
