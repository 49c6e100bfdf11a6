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

    @Option(
            names = "--waiting-for",
            paramLabel = "REASON",
            description = "With --all: only unfinished messages that wait for it: ${COMPLETION-CANDIDATES}.")
    private @Nullable WaitReason waitingFor;

    @Option(names = "--dry-run", description = "With --all: shows how many and the first of them, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N/s", description = "With --all: the highest rate, such as 10/s.")
    private @Nullable String rate;

    boolean isAll() {
        return all;
    }

    boolean isOfWaiting() {
        return waitingFor != null;
    }

    /** Returns the conversation that is named; with ids it is not a filter. */
    @Nullable
    String takeConversation() {
        return filter.takeConversation();
    }

    /** Returns the ids, unless it is for all. */
    List<String> ids(Target target) {
        if (all == !ids.isEmpty()) {
            throw target.wrong("name either ids, or --all and a filter");
        }
        if (!all
                && (dryRun
                        || waitingFor != null
                        || rate != null
                        || !filter.query().isEmpty())) {
            throw target.wrong("a filter, --waiting-for, --rate and --dry-run go with --all");
        }
        return ids;
    }

    /** Begins a run and follows it, or shows what it would take; returns the status. */
    int run(Target target, String path, @Nullable String reason) throws InterruptedException {
        ObjectNode body = Json.object();
        ObjectNode which = filter.json();
        if (waitingFor != null) {
            which.put("waitingFor", waitingFor.toString());
        }
        body.set("filter", which);
        if (dryRun) {
            body.put("dryRun", true);
        }
        if (rate != null) {
            body.put("rate", rate);
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        JsonNode run = target.api().post(path, body);
        if (dryRun) {
            long total = run.path("total").asLong();
            if (total == 0) {
                filter.requireKnown(target.api());
            }
            target.show(run, MessagesCommand.words(run) + System.lineSeparator() + "Would take " + total + ".");
            return 0;
        }
        run = ReplaysCommand.follow(target, run.path("id").asText());
        target.show(run, ReplaysCommand.words(List.of(run)));
        return ReplaysCommand.status(run);
    }
}
