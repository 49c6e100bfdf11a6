package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads a list that a vendor may write as an array, as its only element, or (as PHP does) as an object keyed "0", "1", … */
final class Entries {
    private Entries() {}

    /** Gives the elements; an object that has one of the known keys is itself the only one. */
    static List<JsonNode> of(JsonNode node, Collection<String> known) {
        if (node.isObject() && known.stream().anyMatch(node::has)) {
            return List.of(node);
        }
        List<JsonNode> entries = new ArrayList<>();
        if (node.isContainerNode()) {
            node.forEach(entries::add);
        } else if (isFilled(node)) {
            entries.add(node);
        }
        return entries;
    }

    static List<JsonNode> of(JsonNode node, String... known) {
        return of(node, List.of(known));
    }

    /** Returns whether there is a value: null, missing, {@code false} and empty texts and lists are not. */
    static boolean isFilled(JsonNode value) {
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        boolean none = value.isNull() || value.isMissingNode() || (value.isBoolean() && !value.booleanValue());
        return !none && !value.asText().isEmpty();
    }
}
