package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Override
    public Integer call() throws InterruptedException {
        String conversation = bulk.takeConversation();
        if (bulk.isRun(target)) {
            return bulk.run(target, "/dead-letters/resolve", bulk.body());
        }
        if (conversation != null && bulk.ids().size() > 1) {
            throw target.wrong("--conversation: name one message");
        }
        JsonNode asked = conversation == null ? null : Json.object().put("conversationId", conversation);
        return target.each(bulk.ids(), id -> {
            JsonNode view = target.api().post("/messages/" + Api.encoded(id) + "/resolve", asked);
            target.show(view, MessageCommand.words(view));
        });
    }
}
