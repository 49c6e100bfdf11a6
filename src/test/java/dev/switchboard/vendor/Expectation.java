package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Holds what happened against what a scenario says. An object may have more than it says; lists, texts and numbers are exact. */
final class Expectation {

    private final List<String> differences = new ArrayList<>();

    private Expectation() {}

    /** Compares one request. */
    static List<String> differences(JsonNode expected, Request request) {
        var found = new Expectation();
        found.text("method", expected.path("method"), request.method());
        found.text("path", expected.path("path"), request.path());
        found.text("body", expected.path("body"), request.body());
        expected.path("headers")
                .properties()
                .forEach(header -> found.header(header.getKey(), header.getValue(), request));
        absent(expected).stream()
                .filter(name -> request.header(name).isPresent())
                .forEach(name -> found.differences.add(name + ": must be absent"));
        request.headerLines().stream()
                .filter(line -> line.regionMatches(true, 0, "Camel", 0, 5))
                .forEach(line -> found.differences.add(line + ": is the bus's own"));
        return found.differences;
    }

    private static List<String> absent(JsonNode expected) {
        var names = new ArrayList<>(List.of("Cookie", "Transfer-Encoding", "Expect"));
        expected.path("absent").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Compares the outcome: the message's view, how many requests the vendor saw, and how long it took at least. */
    static List<String> differences(JsonNode expected, JsonNode view, List<Request> requests) {
        var found = new Expectation();
        expected.properties().forEach(field -> {
            switch (field.getKey()) {
                case "requests" -> found.text("requests", field.getValue(), Integer.toString(requests.size()));
                case "apart" ->
                    found.apart(Duration.parse("PT" + field.getValue().asText()), requests);
                default -> found.compare(field.getKey(), field.getValue(), view.path(field.getKey()));
            }
        });
        return found.differences;
    }

    private void header(String name, JsonNode expected, Request request) {
        text(
                name,
                expected.isNull() ? TextNode.valueOf("absent") : expected,
                request.header(name).orElse("absent"));
    }

    /** The first two requests were at least so far apart. */
    private void apart(Duration least, List<Request> requests) {
        Optional<Duration> was = requests.size() < 2
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(
                        requests.get(1).nanoTime() - requests.get(0).nanoTime()));
        if (was.filter(apart -> apart.compareTo(least) >= 0).isEmpty()) {
            differences.add("apart: expected at least " + least + " but was " + was);
        }
    }

    private void text(String what, JsonNode expected, String was) {
        if (!expected.isMissingNode() && !Objects.equals(expected.asText(), was)) {
            differences.add(what + ": expected " + expected.asText() + " but was " + was);
        }
    }

    private void compare(String at, JsonNode expected, JsonNode was) {
        if (expected.isObject() && was.isObject()) {
            expected.properties()
                    .forEach(field -> compare(at + "." + field.getKey(), field.getValue(), was.path(field.getKey())));
        } else if (expected.isArray() && was.size() == expected.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(at + "." + i, expected.get(i), was.path(i));
            }
        } else if (expected.isNull() ? !was.isMissingNode() : !expected.equals(was)) {
            differences.add(at + ": expected " + expected + " but was " + was);
        }
    }
}
