package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "discard",
        description = "Discards dead letters, so that they are not sent again. You can undo this for 24 hours.",
        footer = "%nExample: ./switchboard discard order-17 order-18 --reason \"the customer has called\"")
@SuppressWarnings("NullAway.Init")
final class DiscardCommand extends BusCommand {

    @Parameters(arity = "1..*", paramLabel = "ID")
    private List<String> ids;

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
    public Integer call() {
        return target.each(ids, this::discard);
    }

    private void discard(String id) {
        String path = "/messages/" + Api.encoded(id);
        JsonNode view = way.undo
                ? target.api().post(path + "/undiscard", null)
                : target.api().post(path + "/discard", Json.object().put("reason", way.reason));
        target.show(view, MessageCommand.words(view));
    }
}
