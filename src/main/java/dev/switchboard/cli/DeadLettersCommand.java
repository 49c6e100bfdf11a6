package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dead-letters",
        description = "Shows dead letters: grouped by cause, or with --list one by one.",
        footer = "%nExample: ./switchboard dead-letters --list --vendor acme --code=-700")
@SuppressWarnings("NullAway.Init")
final class DeadLettersCommand extends BusCommand {

    @Mixin
    private Filter filter;

    @Option(names = "--list", description = "Lists them one by one, newest first.")
    private boolean list;

    @Mixin
    private Page page;

    @Override
    public Integer call() {
        if (list) {
            var query = filter.query();
            page.addTo(query);
            JsonNode letters = target.api().get("/dead-letters", query);
            requireKnown(letters.path("messages"));
            target.show(letters, MessagesCommand.words(letters));
        } else {
            JsonNode groups = target.api().get("/dead-letters/groups", filter.query());
            requireKnown(groups.path("groups"));
            target.show(groups, words(groups));
        }
        return 0;
    }

    private void requireKnown(JsonNode found) {
        if (found.isEmpty()) {
            filter.requireKnown(target.api());
        }
    }

    private static String words(JsonNode groups) {
        var table = new Table("count", "vendor", "account", "class", "code", "dead letter", "first", "last", "meaning");
        groups.path("groups")
                .forEach(group -> table.row(
                        group, "count vendor account class code deadLetter firstSeen lastSeen meaning".split(" ")));
        return table.toString();
    }
}
