package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dead-letters",
        description = "Shows what was not delivered: grouped by its cause, or with --list one by one.")
@SuppressWarnings("NullAway.Init")
final class DeadLettersCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Mixin
    private Filter filter;

    @Option(names = "--list", description = "Lists them one by one, newest first.")
    private boolean list;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Lists at most so many (${DEFAULT-VALUE}).",
            defaultValue = "20")
    private String limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Goes on where the list before ended.")
    private @Nullable String after;

    @Override
    public Integer call() {
        if (list) {
            var query = filter.query();
            Filter.add(query, "limit", limit);
            Filter.add(query, "after", after);
            JsonNode letters = target.api().get("/dead-letters", query);
            target.show(letters, MessagesCommand.words(letters));
        } else {
            JsonNode groups = target.api().get("/dead-letters/groups", filter.query());
            target.show(groups, words(groups));
        }
        return 0;
    }

    private static String words(JsonNode groups) {
        var table = new Table("count", "vendor", "account", "class", "code", "dead letter", "first", "last", "meaning");
        groups.path("groups")
                .forEach(group -> table.row(
                        group,
                        "count",
                        "vendor",
                        "account",
                        "class",
                        "code",
                        "deadLetter",
                        "firstSeen",
                        "lastSeen",
                        "meaning"));
        return groups.path("groups").isEmpty() ? "There are none." : table.toString();
    }
}
