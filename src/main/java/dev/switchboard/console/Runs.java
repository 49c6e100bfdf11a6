package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateExtension;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What templates read of replay runs, and of the groups that they are made of. */
final class Runs {

    private static final List<String> ENDS = List.of("delivered", "relapsed", "discarded");
    private static final List<String> PARTS = List.of("delivered", "relapsed", "discarded", "skipped");

    /** What a run that sends nothing counts. */
    private static final List<String> DONE = List.of("replayed", "skipped");

    private Runs() {}

    /** Returns whether what it does with a message is over only when that has been sent again. */
    @TemplateExtension(priority = 7)
    static boolean isReplay(JsonNode run) {
        return run.path("action").asText().equals("replay");
    }

    /** Divides the messages of a replay by their outcomes. */
    @TemplateExtension(priority = 7)
    static List<BatchPages.Part> runParts(JsonNode run) {
        return BatchPages.divide(
                run, isReplay(run) ? PARTS : DONE, run.path("total").asLong());
    }

    @TemplateExtension(priority = 7)
    static long runPercent(JsonNode run) {
        return BatchPages.percent(
                run, isReplay(run) ? PARTS : DONE, run.path("total").asLong());
    }

    /** Returns whether the run has ended and so have all of its messages. */
    @TemplateExtension(priority = 7)
    static boolean runIsOver(JsonNode run) {
        long ended = ENDS.stream().mapToLong(kind -> run.path(kind).asLong()).sum();
        return run.has("finishedAt")
                && (!isReplay(run) || ended >= run.path("replayed").asLong());
    }

    @TemplateExtension(priority = 7)
    static long stopAtPercent(JsonNode run) {
        return Math.round(run.path("stopAt").asDouble() * 100);
    }

    /** Returns the query that finds the messages of a group. */
    @TemplateExtension(priority = 7)
    static String groupQuery(JsonNode group) {
        var query = new LinkedHashMap<String, String>();
        List.of("vendor", "account", "class")
                .forEach(name -> query.put(name, group.path(name).asText()));
        query.put("code", group.path("code").asText("-"));
        if (group.hasNonNull("deadLetter")) {
            query.put("deadLetter", group.path("deadLetter").asText());
        }
        return Visit.query(query);
    }

    /** Returns the newest run of a group; null if there was none. */
    @TemplateExtension(priority = 7)
    static @Nullable JsonNode lastRun(JsonNode group, List<JsonNode> newestFirst) {
        return newestFirst.stream()
                .filter(run -> run.has("group")
                        && ReplayPages.GROUP.stream()
                                .allMatch(name -> text(group, name).equals(text(run.path("group"), name))))
                .findFirst()
                .orElse(null);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }
}
