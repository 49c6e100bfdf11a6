package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateExtension;
import java.util.LinkedHashMap;
import java.util.List;

/** What templates read of replay runs, and of the groups that they are made of. */
final class Runs {

    private static final List<String> ENDS = List.of("delivered", "relapsed", "discarded");
    private static final List<String> PARTS = List.of("delivered", "relapsed", "discarded", "skipped");

    private Runs() {}

    /** Divides the messages of a replay by their outcomes. */
    @TemplateExtension(priority = 7)
    static List<BatchPages.Part> runParts(JsonNode run) {
        return BatchPages.divide(run, PARTS, run.path("total").asLong());
    }

    @TemplateExtension(priority = 7)
    static long runPercent(JsonNode run) {
        return BatchPages.percent(run, PARTS, run.path("total").asLong());
    }

    /** Returns whether the run has ended and so have all of its messages. */
    @TemplateExtension(priority = 7)
    static boolean runIsOver(JsonNode run) {
        long ended = ENDS.stream().mapToLong(kind -> run.path(kind).asLong()).sum();
        return run.has("finishedAt") && ended >= run.path("replayed").asLong();
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
}
