package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.message.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills templates: a name in braces becomes the value of that name, or the text at that place in the request. */
final class Values {

    private static final Pattern NAME = Pattern.compile("\\{([a-z-]+(?::[^{}]*)?)}");

    private final Request request;
    private final Map<String, JsonNode> named = new HashMap<>();

    Values(Request request, Map<String, String> named) {
        this.request = request;
        named.forEach((name, text) -> this.named.put(name, TextNode.valueOf(text)));
    }

    private Values(Values other) {
        this.request = other.request;
        this.named.putAll(other.named);
    }

    /** Returns these values and one more. */
    Values and(String name, JsonNode value) {
        var values = new Values(this);
        values.named.put(name, value);
        return values;
    }

    Request request() {
        return request;
    }

    String text(String template) {
        return text(template, UnaryOperator.identity());
    }

    /** Fills a text; what comes from the request passes through {@code escape} first. */
    String text(String template, UnaryOperator<String> escape) {
        return NAME.matcher(template)
                .replaceAll(
                        found -> Matcher.quoteReplacement(value(found, escape).asText()));
    }

    /** Fills all texts of a tree. A text that is nothing but a name takes the value with its type. */
    JsonNode tree(JsonNode template) {
        if (template.isTextual()) {
            Matcher whole = NAME.matcher(template.textValue());
            return whole.matches()
                    ? value(whole.toMatchResult(), UnaryOperator.identity())
                    : TextNode.valueOf(text(template.textValue()));
        }
        if (template.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            template.forEach(element -> array.add(tree(element)));
            return array;
        }
        if (template.isObject()) {
            ObjectNode object = Json.object();
            template.properties().forEach(field -> object.set(field.getKey(), tree(field.getValue())));
            return object;
        }
        return template;
    }

    private JsonNode value(MatchResult found, UnaryOperator<String> escape) {
        JsonNode value = named.get(found.group(1));
        return value != null
                ? value
                : TextNode.valueOf(escape.apply(
                        Objects.requireNonNullElse(Place.parse(found.group(1)).read(request), "")));
    }
}
