package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "messages",
        description = "Lists messages, newest first.",
        footer = "%nExample: ./switchboard messages --state dead --class gone --vendor acme")
@SuppressWarnings("NullAway.Init")
final class MessagesCommand extends BusCommand {

    @Mixin
    private Filter filter;

    @Option(names = "--state", paramLabel = "STATE", description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable State state;

    @Option(
            names = "--waiting-for",
            paramLabel = "REASON",
            description = "Only unfinished messages that wait for it: ${COMPLETION-CANDIDATES}.")
    private @Nullable WaitReason waitingFor;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "A part of the id, conversation, customer or a label.")
    private @Nullable String search;

    @Option(names = "--texts", description = "With --search: or a part of the text.")
    private boolean texts;

    @Mixin
    private Page page;

    @Override
    public Integer call() {
        var query = filter.query();
        Filter.add(query, "state", state == null ? null : state.toString());
        Filter.add(query, "waitingFor", waitingFor == null ? null : waitingFor.toString());
        Filter.add(query, "q", search);
        Filter.add(query, "texts", texts ? "true" : null);
        page.addTo(query);
        JsonNode list = target.api().get("/messages", query);
        if (list.path("messages").isEmpty()) {
            filter.requireKnown(target.api());
        }
        target.show(list, words(list));
        return 0;
    }

    static String words(JsonNode list) {
        var table = new Table(
                "id", "state", "vendor", "account", "operation", "class", "code", "waits for", "until", "accepted at");
        list.path("messages")
                .forEach(message -> table.row(
                        message,
                        ("id state vendor account operation /failure/class /failure/code /waitingFor/reason"
                                        + " /waitingFor/until acceptedAt")
                                .split(" ")));
        String next = list.path("next").asText("");
        return table + (next.isEmpty() ? "" : System.lineSeparator() + "more: --after " + Table.line(next));
    }
}
