package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/** Says in a line what a message or a lane waits for. */
final class WaitText {

    private WaitText() {}

    /** Returns nothing where it does not wait. */
    static String of(JsonNode wait) {
        var words = new StringJoiner(", ");
        words.setEmptyValue("");
        add(words, "", wait.path("lane"));
        add(words, "", wait.path("reason"));
        add(words, "", wait.path("messageId"));
        add(words, "", wait.path("batch"));
        if (wait.has("state")) {
            words.add(wait.path("api").asText() + " " + wait.path("state").asText() + " since "
                    + wait.path("since").asText());
        }
        add(words, "limit ", wait.path("limit"));
        add(words, "by ", wait.path("by"));
        add(words, "until ", wait.path("until"));
        add(words, "next probe ", wait.path("nextProbe"));
        add(words, "good probes missing: ", wait.path("goodProbesMissing"));
        add(words, "", wait.path("why"));
        return words.toString();
    }

    private static void add(StringJoiner words, String name, JsonNode value) {
        if (!value.isMissingNode()) {
            words.add(name + value.asText());
        }
    }

    /** Returns all that a lane waits for. */
    static String ofAll(JsonNode waits) {
        var all = new StringJoiner("; ");
        waits.forEach(each -> all.add(of(each)));
        return all.toString();
    }
}
