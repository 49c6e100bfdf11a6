package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.WaitReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of commands that act on messages by their ids, or as a run on all that match a filter. */
final class Bulk {

    @Mixin
    private final Filter filter = new Filter();

    @Parameters(arity = "0..*", paramLabel = "ID")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All that match the filter.")
    private boolean all;

    @Option(names = "--dry-run", description = "Shows how many and the first of them, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N/s", description = "With --all: the highest rate, such as 10/s.")
    private @Nullable String rate;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown with the message or the run.")
    private @Nullable String reason;

    boolean isDryRun() {
        return dryRun;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Returns the conversation that is named; with ids it is not a filter. */
    @Nullable
    String takeConversation() {
        return all ? null : filter.takeConversation();
    }

    /**
     * Returns whether it is for a run: for all, or for a look at what would be done.
     *
     * @throws picocli.CommandLine.ParameterException if the arguments contradict each other
     */
    boolean isRun(Target target) {
        if (all == !ids.isEmpty()) {
            throw target.wrong("name either ids, or --all and a filter");
        }
        if (!all && (rate != null || !filter.query().isEmpty())) {
            throw target.wrong("a filter, --waiting-for and --rate go with --all");
        }
        return all || dryRun;
    }

    List<String> ids() {
        return ids;
    }

    /** Returns what the API is asked for. */
    ObjectNode body() {
        ObjectNode body = Json.object().put("rate", rate).put("reason", reason);
        if (all) {
            body.set("filter", filter.json());
        } else {
            ids.forEach(body.putArray("ids")::add);
        }
        return Json.withoutNulls(body.put("dryRun", dryRun));
    }

    /** As above, for those that wait for something. */
    ObjectNode body(Target target, @Nullable WaitReason waitingFor) {
        ObjectNode body = body();
        if (waitingFor != null) {
            if (!all) {
                throw target.wrong("--waiting-for goes with --all");
            }
            body.withObject("/filter").put("waitingFor", waitingFor.toString());
        }
        return body;
    }

    /** Begins a run, or returns what it would take. */
    JsonNode begin(Target target, String path, ObjectNode body) {
        JsonNode run = target.api().post(path, body);
        if (dryRun && run.path("total").asLong() == 0) {
            filter.requireKnown(target.api());
        }
        return run;
    }

    /** Begins a run and follows it, or shows what it would take; returns the status. */
    int run(Target target, String path, ObjectNode body) throws InterruptedException {
        JsonNode run = begin(target, path, body);
        if (dryRun) {
            String total = "Would take " + run.path("total").asLong() + ".";
            target.show(run, MessagesCommand.words(run) + System.lineSeparator() + total);
            return 0;
        }
        return ReplaysCommand.end(target, run.path("id").asText());
    }
}
