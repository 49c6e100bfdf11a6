package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "discard",
        description = "Closes dead letters that nobody will send again; for 24 hours it can be undone.")
@SuppressWarnings("NullAway.Init")
final class DiscardCommand implements Callable<Integer> {

    @Mixin
    private Target target;

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

        @Option(names = "--undo", required = true, description = "Makes them what they were.")
        private boolean undo;
    }

    @Override
    public Integer call() {
        for (String id : ids) {
            String path = "/messages/" + Api.encoded(id);
            JsonNode view = way.undo
                    ? target.api().post(path + "/undiscard", null)
                    : target.api()
                            .post(path + "/discard", Api.JSON.createObjectNode().put("reason", way.reason));
            target.show(view, MessageCommand.words(view));
        }
        return 0;
    }
}
