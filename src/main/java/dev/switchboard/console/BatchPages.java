package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.qute.TemplateExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows batches, and pauses, resumes and cancels them. */
final class BatchPages {

    private static final Map<String, String> OPERATIONS =
            Map.of("pause", "pauseBatch", "resume", "resumeBatch", "cancel", "cancelBatch");
    private static final List<String> PARTS =
            List.of("delivered", "duplicate", "discarded", "uncertain", "dead", "invalid");

    private static final Set<String> ENDED = Set.of("finished", "stopped", "cancelled");

    private BatchPages() {}

    static Screen list(Api api, Visit visit) {
        List<String> names = List.of("name");
        Map<String, String> given = visit.given(names);
        return Screen.of(
                "batches",
                Map.of(
                        "batches",
                        Json.list(api.list("listBatches", given).path("batches")),
                        "asked",
                        visit.asked(names)));
    }

    static Screen show(Api api, Visit visit) {
        String id = visit.path("id");
        return Screen.of("batch", Map.of("batch", api.get("getBatch", Map.of("id", Visit.encoded(id)))));
    }

    static Screen act(Api api, Visit visit) {
        String operation = visit.operation(OPERATIONS);
        String id = Visit.encoded(visit.path("id"));
        api.post(operation, Map.of("id", id), JsonNodeFactory.instance.objectNode());
        return Screen.at(Visit.address("/console/batches/" + id, Map.of("done", operation)));
    }

    /**
     * A part of a batch's bar.
     *
     * @param kind the outcome of these records
     * @param from where it begins, in percent of those read
     * @param width how much of them it is, in percent
     */
    record Part(String kind, double from, double width) {}

    /** Returns whether a batch has ended, so that it offers no action. */
    @TemplateExtension(priority = 7)
    static boolean batchIsOver(JsonNode batch) {
        return ENDED.contains(batch.path("state").asText());
    }

    /** Divides the records that were read by their outcomes; the rest of the bar has none yet. */
    @TemplateExtension(priority = 7)
    static List<Part> batchParts(JsonNode batch) {
        return divide(batch, PARTS, batch.path("read").asLong());
    }

    /** Returns the percentage of the records read that are finished. */
    @TemplateExtension(priority = 7)
    static long batchPercent(JsonNode batch) {
        return percent(batch, PARTS, batch.path("read").asLong());
    }

    static List<Part> divide(JsonNode counts, List<String> kinds, long all) {
        double whole = Math.max(1, all);
        var parts = new ArrayList<Part>();
        double from = 0;
        for (String kind : kinds) {
            double width = Math.round(counts.path(kind).asLong() * 10_000 / whole) / 100.0;
            if (width > 0) {
                parts.add(new Part(kind, from, width));
                from += width;
            }
        }
        return parts;
    }

    static long percent(JsonNode counts, List<String> kinds, long all) {
        long settled =
                kinds.stream().mapToLong(kind -> counts.path(kind).asLong()).sum();
        return settled * 100 / Math.max(1, all);
    }
}
