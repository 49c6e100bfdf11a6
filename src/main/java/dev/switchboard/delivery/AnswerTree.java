package dev.switchboard.delivery;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/** Makes objects that know which names stood in them twice: the last value is kept, but it is unknown which one the vendor meant. */
final class AnswerTree extends JsonNodeFactory {

    private static final long serialVersionUID = 1L;

    AnswerTree() {
        super(true);
    }

    @Override
    public ObjectNode objectNode() {
        return new Names(this);
    }

    /** Returns whether a name on the way to a place stood twice. */
    static boolean hasTwice(JsonNode root, String place) {
        JsonNode node = root;
        for (JsonPointer at = JsonPointer.compile(place); !at.matches(); at = at.tail()) {
            if (node instanceof Names names && names.twice.contains(at.getMatchingProperty())) {
                return true;
            }
            node = node.isArray() ? node.path(at.getMatchingIndex()) : node.path(at.getMatchingProperty());
        }
        return false;
    }

    @SuppressWarnings("unchecked") // the return type of ObjectNode's own deepCopy
    private static final class Names extends ObjectNode {

        private static final long serialVersionUID = 1L;

        private transient Set<String> twice = Set.of();

        private Names(JsonNodeFactory factory) {
            super(factory);
        }

        /** The reader sets each value by this. */
        @Override
        public JsonNode replace(String name, JsonNode value) {
            JsonNode before = super.replace(name, value);
            if (before != null) {
                twice = twice.isEmpty() ? new HashSet<>() : twice;
                twice.add(name);
            }
            return before;
        }
    }
}
