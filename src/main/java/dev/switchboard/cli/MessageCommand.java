package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "message",
        description = "Shows a message with its attempts.",
        footer = "%nExample: ./switchboard message order-17")
@SuppressWarnings("NullAway.Init")
final class MessageCommand extends BusCommand {

    private static final Set<String> SHOWN_APART = Set.of("attempts", "failure", "message", "waitingFor");

    @Parameters(paramLabel = "ID")
    private String id;

    @Override
    public Integer call() {
        JsonNode view = target.api().get("/messages/" + Api.encoded(id));
        target.show(view, words(view));
        return 0;
    }

    static String words(JsonNode view) {
        var words = new StringBuilder();
        view.properties().stream()
                .filter(field -> !SHOWN_APART.contains(field.getKey()))
                .forEach(field -> line(words, field.getKey(), text(field.getValue())));
        if (view.has("waitingFor")) {
            line(words, "waitingFor", WaitText.of(view.path("waitingFor")));
        }
        view.path("failure")
                .properties()
                .forEach(field -> line(words, "failure." + field.getKey(), text(field.getValue())));
        JsonNode attempts = view.path("attempts");
        if (!attempts.isEmpty()) {
            var table = new Table("attempt", "started at", "ended at", "disposition", "http", "code", "message");
            attempts.forEach(attempt -> table.row(
                    attempt, "number", "startedAt", "endedAt", "disposition", "httpStatus", "code", "message"));
            words.append(System.lineSeparator()).append(table);
        }
        return words.toString().stripTrailing();
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static void line(StringBuilder words, String name, String value) {
        words.append(String.format("%-22s %s%n", name, Table.line(value)));
    }
}
