package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateExtension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What templates read of the API's answers. A missing part reads as an empty text. */
final class Json {

    private Json() {}

    @TemplateExtension(matchName = TemplateExtension.ANY, priority = 6)
    static Object field(JsonNode node, String name) {
        return value(node.path(name));
    }

    /** Returns the names and values of an object. */
    @TemplateExtension(priority = 7)
    static Map<String, Object> eachField(JsonNode node) {
        var fields = new LinkedHashMap<String, Object>();
        node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        return fields;
    }

    /** Returns an object as a person reads it. */
    @TemplateExtension(priority = 7)
    static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    /** Returns the elements of an array: a list is what templates find empty or not. */
    static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            return node;
        }
        if (node.isArray()) {
            var list = new ArrayList<Object>();
            node.forEach(each -> list.add(value(each)));
            return list;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNull()) {
            return "";
        }
        return node.isNumber() ? node.numberValue() : node.asText();
    }
}
