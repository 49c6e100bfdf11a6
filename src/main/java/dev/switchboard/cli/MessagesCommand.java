package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.State;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "messages",
        description = "Lists messages, newest first.",
        footer = "%nExample: ./switchboard messages --state dead --class gone --vendor acme")
@SuppressWarnings("NullAway.Init")
final class MessagesCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Mixin
    private Filter filter;

    @Option(names = "--state", paramLabel = "STATE", description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "The beginning of the id, conversation, customer or a label.")
    private @Nullable String search;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most to list (${DEFAULT-VALUE}).",
            defaultValue = "20")
    private String limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Continues where the last list ended.")
    private @Nullable String after;

    @Override
    public Integer call() {
        var query = filter.query();
        Filter.add(query, "state", state == null ? null : state.toString());
        Filter.add(query, "q", search);
        Filter.add(query, "limit", limit);
        Filter.add(query, "after", after);
        JsonNode list = target.api().get("/messages", query);
        if (list.path("messages").isEmpty()) {
            filter.requireKnown(target.api());
        }
        target.show(list, words(list));
        return 0;
    }

    static String words(JsonNode list) {
        var table = new Table("id", "state", "vendor", "account", "operation", "class", "code", "accepted at");
        list.path("messages")
                .forEach(message -> table.row(
                        message,
                        "id state vendor account operation /failure/class /failure/code acceptedAt".split(" ")));
        if (list.path("messages").isEmpty()) {
            return Target.NONE;
        }
        String next = list.path("next").asText("");
        return table + (next.isEmpty() ? "" : System.lineSeparator() + "more: --after " + Table.line(next));
    }
}
