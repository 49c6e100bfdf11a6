package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Json;
import java.util.List;

/** Finds what no string may hold, because no vendor, store or file can carry it: U+0000 and halves of surrogate pairs. */
public final class Characters {

    private Characters() {}

    static void check(String at, JsonNode node, List<Fault> faults) {
        if (node.isTextual() && unfit(node.textValue())) {
            faults.add(Fault.of(at, "characters", "holds U+0000 or half of a surrogate pair"));
        }
        node.properties().forEach(field -> {
            String path = at.isEmpty() ? field.getKey() : at + "/" + field.getKey();
            if (unfit(field.getKey())) {
                faults.add(Fault.of(at, "characters", "has a name that holds U+0000 or half of a surrogate pair"));
            }
            check(path, field.getValue(), faults);
        });
    }

    private static boolean unfit(String text) {
        return text.codePoints().anyMatch(Characters::isUnfit);
    }

    /** A half of a pair stands alone only where it has no other half. */
    private static boolean isUnfit(int codePoint) {
        return codePoint == 0 || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** Returns the same with U+FFFD in place of each such character, in names too. */
    public static JsonNode replaced(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(replaced(node.textValue()));
        }
        if (node.isArray()) {
            ArrayNode items = Json.MAPPER.createArrayNode();
            node.forEach(item -> items.add(replaced(item)));
            return items;
        }
        if (node.isObject()) {
            ObjectNode fields = Json.object();
            node.properties().forEach(field -> fields.set(replaced(field.getKey()), replaced(field.getValue())));
            return fields;
        }
        return node;
    }

    private static String replaced(String text) {
        if (!unfit(text)) {
            return text;
        }
        int[] fit = text.codePoints().map(each -> isUnfit(each) ? 0xFFFD : each).toArray();
        return new String(fit, 0, fit.length);
    }
}
