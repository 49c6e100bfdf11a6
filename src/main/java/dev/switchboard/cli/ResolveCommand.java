package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "resolve",
        description = "Closes uncertain messages that are known to have been delivered.",
        footer = "%nExample: ./switchboard resolve order-17")
@SuppressWarnings("NullAway.Init")
final class ResolveCommand extends BusCommand {

    @Option(
            names = "--conversation",
            paramLabel = "ID",
            description = "The conversation that the message started, for the messages that wait for it.")
    private @Nullable String conversation;

    @Parameters(arity = "1..*", paramLabel = "ID")
    private List<String> ids;

    @Override
    public Integer call() {
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
