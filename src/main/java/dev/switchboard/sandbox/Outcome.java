package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * How a message ended, in the columns of {@code samples/expected.csv}.
 *
 * @param state the message's, or {@code refused} where the bus did not take it
 * @param failureClass empty where nothing failed
 * @param code the vendor's, empty where nothing failed or none came
 * @param queue where the dead letter was found; empty for none
 * @param meaning what the bus says about it; not compared
 */
record Outcome(String state, String failureClass, String code, String queue, String meaning) {

    static Outcome expected(Map<String, String> line) {
        return new Outcome(
                line.getOrDefault("state", ""),
                line.getOrDefault("class", ""),
                line.getOrDefault("code", ""),
                line.getOrDefault("queue", ""),
                "");
    }

    /** Reads a message view. */
    static Outcome of(JsonNode view) {
        JsonNode failure = view.path("failure");
        String meaning = failure.path("meaning").asText(failure.path("message").asText());
        return new Outcome(
                view.path("state").asText(),
                failure.path("class").asText(),
                failure.path("code").asText(),
                "",
                meaning);
    }

    static Outcome refused(String why) {
        return new Outcome("refused", "", "", "", why);
    }

    static Outcome missing(String why) {
        return new Outcome("missing", "", "", "", why);
    }

    Outcome in(String deadLetterQueue) {
        return new Outcome(state, failureClass, code, deadLetterQueue, meaning);
    }

    boolean isAsExpected(Outcome expected) {
        return state.equals(expected.state)
                && failureClass.equals(expected.failureClass)
                && code.equals(expected.code)
                && queue.equals(expected.queue);
    }

    boolean isFinished() {
        return !state.equals("accepted") && !state.equals("sending") && !state.equals("waiting");
    }

    @Override
    public String toString() {
        return String.join(" ", state, failureClass, code, queue).strip().replaceAll(" +", " ");
    }
}
