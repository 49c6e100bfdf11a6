package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which messages a command is for: options of the commands that take several. */
final class Filter {

    @Option(names = "--vendor", paramLabel = "NAME", description = "Only messages to this vendor.")
    private @Nullable String vendor;

    @Option(names = "--account", paramLabel = "NAME", description = "Only messages to this account.")
    private @Nullable String account;

    @Option(names = "--class", paramLabel = "CLASS", description = "Failure class: ${COMPLETION-CANDIDATES}.")
    private @Nullable FailureClass failureClass;

    @Option(names = "--code", paramLabel = "CODE", description = "The vendor's code.")
    private @Nullable String code;

    @Option(
            names = "--dead-letter",
            paramLabel = "NAME",
            description = "Only messages that went to this dead-letter route.")
    private @Nullable String deadLetter;

    @Option(names = "--conversation", paramLabel = "ID", description = "Only messages of this conversation.")
    private @Nullable String conversation;

    @Option(names = "--batch", paramLabel = "ID|NAME", description = "Only messages of this batch.")
    private @Nullable String batch;

    @Option(names = "--label", paramLabel = "NAME:VALUE", description = "Only messages with this label; repeatable.")
    private List<String> labels = List.of();

    @Option(names = "--from", paramLabel = "TIME", description = "Accepted at or after, such as 2026-11-21T08:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Accepted before.")
    private @Nullable String to;

    @Nullable
    String takeConversation() {
        String taken = conversation;
        conversation = null;
        return taken;
    }

    /** Returns the filter as a query has it. */
    Map<String, List<String>> query() {
        var query = new LinkedHashMap<String, List<String>>();
        add(query, "vendor", vendor);
        add(query, "account", account);
        add(query, "class", failureClass == null ? null : failureClass.toString());
        add(query, "code", code);
        add(query, "deadLetter", deadLetter);
        add(query, "conversation", conversation);
        add(query, "batch", batch);
        add(query, "from", from);
        add(query, "to", to);
        if (!labels.isEmpty()) {
            query.put("label", labels);
        }
        return query;
    }

    /**
     * Explains why nothing was found, if the filter names what does not exist.
     *
     * @throws NotDone with the names that exist
     */
    void requireKnown(Api api) {
        if (vendor != null || account != null) {
            JsonNode lanes = api.get("/lanes").path("lanes");
            require("vendor", vendor, lanes.findValuesAsText("vendor"));
            require("account", account, lanes.findValuesAsText("account"));
        }
        if (batch != null
                && api.get("/batches", Map.of("name", List.of(batch)))
                        .path("batches")
                        .isEmpty()) {
            api.get("/batches/" + Api.encoded(batch));
        }
    }

    private static void require(String kind, @Nullable String name, List<String> known) {
        if (name != null && !known.contains(name)) {
            throw NotDone.unknown(kind, name, known);
        }
    }

    static void add(Map<String, List<String>> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, List.of(value));
        }
    }

    /** Returns the filter as a request's body has it. */
    ObjectNode json() {
        ObjectNode filter = Json.object();
        query().forEach((name, values) -> {
            if (name.equals("label")) {
                values.forEach(filter.putArray(name)::add);
            } else {
                filter.put(name, values.get(0));
            }
        });
        return filter;
    }
}
