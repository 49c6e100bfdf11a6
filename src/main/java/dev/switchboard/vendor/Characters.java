package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Fault;
import java.util.List;

/** Finds what no string may hold, because no vendor, store or file can carry it: U+0000 and halves of surrogate pairs. */
final class Characters {

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
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return true;
            }
            if (Character.isHighSurrogate(c) && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
                return true;
            }
        }
        return false;
    }
}
