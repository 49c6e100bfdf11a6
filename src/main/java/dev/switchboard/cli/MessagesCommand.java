package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "messages", description = "Lists messages, newest first.")
@SuppressWarnings("NullAway.Init")
final class MessagesCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Mixin
    private Filter filter;

    @Option(names = "--state", paramLabel = "STATE")
    private @Nullable String state;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "How its id, its conversation, its customer or a label begins.")
    private @Nullable String search;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many (${DEFAULT-VALUE}).",
            defaultValue = "20")
    private String limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Goes on where the list before ended.")
    private @Nullable String after;

    @Override
    public Integer call() {
        var query = filter.query();
        Filter.add(query, "state", state);
        Filter.add(query, "q", search);
        Filter.add(query, "limit", limit);
        Filter.add(query, "after", after);
        JsonNode list = target.api().get("/messages", query);
        target.show(list, words(list));
        return 0;
    }

    static String words(JsonNode list) {
        var table = new Table("id", "state", "vendor", "account", "operation", "class", "code", "accepted at");
        list.path("messages")
                .forEach(message -> table.row(
                        message,
                        "id",
                        "state",
                        "vendor",
                        "account",
                        "operation",
                        "/failure/class",
                        "/failure/code",
                        "acceptedAt"));
        if (list.path("messages").isEmpty()) {
            return "There are none.";
        }
        String next = list.path("next").asText("");
        return table + (next.isEmpty() ? "" : System.lineSeparator() + "more: --after " + Table.shown(next));
    }
}
