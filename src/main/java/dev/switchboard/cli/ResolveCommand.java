package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "resolve", description = "Closes uncertain messages that are known to have been delivered.")
@SuppressWarnings("NullAway.Init")
final class ResolveCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Parameters(arity = "1..*", paramLabel = "ID")
    private List<String> ids;

    @Override
    public Integer call() {
        for (String id : ids) {
            JsonNode view = target.api().post("/messages/" + Api.encoded(id) + "/resolve", null);
            target.show(view, MessageCommand.words(view));
        }
        return 0;
    }
}
