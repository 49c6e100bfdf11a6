package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "invalid",
        description = {
            "Lists what came by the queue and was refused (switchboard.invalid), the oldest first.",
            "With an ID it shows one, sends it again, corrected or as it was, or discards it for good."
        },
        footer = "%nExample: ./switchboard invalid ID --send --file corrected.json")
@SuppressWarnings("NullAway.Init")
final class InvalidCommand extends BusCommand {

    @Parameters(arity = "0..1", paramLabel = "ID", description = "One of them.")
    private @Nullable String id;

    @Option(names = "--send", description = "Puts it into the queue of messages again.")
    private boolean send;

    @Option(names = "--file", paramLabel = "FILE", description = "With --send: a file with the corrected message.")
    private @Nullable Path file;

    @Option(names = "--discard", description = "Takes it out of the queue; this cannot be undone.")
    private boolean discard;

    @Override
    public Integer call() throws IOException {
        if ((send && discard) || (file != null && !send) || (id == null && (send || discard))) {
            throw target.wrong("give an ID with --send [--file FILE] or --discard");
        }
        if (id == null) {
            JsonNode list = target.api().get("/invalid-messages");
            target.show(list, words(list));
            return 0;
        }
        String path = "/invalid-messages/" + Api.encoded(id);
        JsonNode view = send
                ? target.api().post(path + "/send", file == null ? null : SendCommand.read(target, file))
                : discard
                        ? target.api().post(path + "/discard", null)
                        : target.api().get(path);
        target.show(view, MessageCommand.words(view));
        return 0;
    }

    private static String words(JsonNode list) {
        var table = new Table("id", "refused at", "reason", "text");
        list.path("messages").forEach(each -> table.row(each, "id at reason text".split(" ")));
        return table.toString();
    }
}
