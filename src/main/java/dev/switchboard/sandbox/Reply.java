package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Template of an answer. What comes from the request is percent-encoded in a header and escaped in a page.
 *
 * @param status the HTTP status, 200 unless given
 * @param headers header lines
 * @param body a tree for JSON, a text for anything else, absent for none
 */
record Reply(
        @Nullable String status,
        Map<String, String> headers,
        @Nullable JsonNode body) {

    /** A reply without headers has none. */
    Reply {
        headers = headers == null ? Map.of() : headers;
    }

    Answer answer(Values values, @Nullable JsonNode more, Map<String, String> moreHeaders) {
        var lines = new TreeMap<String, String>();
        if (body != null && body.isObject()) {
            lines.put("Content-Type", "application/json;charset=UTF-8");
        }
        headers.forEach((name, line) -> lines.put(name, values.text(line, Reply::percentEncoded)));
        lines.putAll(moreHeaders);
        int number = status == null ? 200 : Integer.parseInt(values.text(status));
        return Answer.of(number, lines, content(values, more));
    }

    private String content(Values values, @Nullable JsonNode more) {
        if (body == null) {
            return "";
        }
        if (body.isTextual()) {
            return values.text(body.textValue(), Reply::escaped);
        }
        JsonNode filled = values.tree(body);
        if (more != null) {
            ((ObjectNode) filled).setAll((ObjectNode) values.tree(more));
        }
        return filled.toString();
    }

    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
