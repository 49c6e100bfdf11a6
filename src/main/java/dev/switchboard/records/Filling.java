package dev.switchboard.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.records.Profile.Names;
import java.util.Map;

/** Puts values into the fields and labels of a message. */
final class Filling {

    private final Map<String, String> defaults;

    Filling(Map<String, String> defaults) {
        this.defaults = defaults;
    }

    /** Sets a field or label that has no value yet; returns whether it had none. */
    boolean put(ObjectNode message, String target, JsonNode value) {
        if (target.equals(Names.LEFT_OUT)) {
            return true;
        }
        if (!Names.isLabel(target)) {
            return !message.hasNonNull(target) && set(message, target, value);
        }
        String label = target.substring(Names.LABEL.length());
        JsonNode labels = message.hasNonNull("labels") ? message.get("labels") : message.putObject("labels");
        return labels instanceof ObjectNode object && !object.hasNonNull(label) && set(object, label, value);
    }

    private static boolean set(ObjectNode object, String name, JsonNode value) {
        object.set(name, value);
        return true;
    }

    /** Fills in the defaults of what is missing. */
    void fill(ObjectNode message) {
        defaults.forEach((target, value) -> put(message, target, TextNode.valueOf(value)));
    }
}
