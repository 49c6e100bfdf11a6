package dev.switchboard.sandbox;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Prints the outcomes of the samples. */
final class DemoTable {

    private static final List<String> WAYS = List.of("rest", "file", "queue");

    private final PrintStream out;
    private final List<Sample> samples;
    private final Map<String, Outcome> outcomes;

    DemoTable(PrintStream out, List<Sample> samples, Map<String, Outcome> outcomes) {
        this.out = out;
        this.samples = samples;
        this.outcomes = outcomes;
    }

    /** Prints all of it and returns whether everything is as expected. */
    boolean print() {
        printOutcomes();
        boolean complete = printDelivered();
        long wrong = samples.stream().filter(this::isWrong).count();
        long failures = differentFailures();
        out.printf(
                "%n%d messages: %d as expected, %d not; %d different failures in their dead-letter queues%n",
                samples.size(), samples.size() - wrong, wrong, failures);
        samples.stream()
                .filter(this::isWrong)
                .forEach(sample ->
                        out.println(sample.id() + ": expected " + sample.expected() + ", got " + outcome(sample)));
        return wrong == 0 && complete && failures >= 6;
    }

    private void printOutcomes() {
        line("way in", "message", "vendor operation", "state", "class", "code", "dead-letter queue", "what it means");
        samples.forEach(sample -> {
            Outcome outcome = outcome(sample);
            line(
                    sample.way(),
                    sample.id(),
                    sample.operation(),
                    outcome.state(),
                    outcome.failureClass(),
                    outcome.code(),
                    outcome.queue(),
                    (isWrong(sample) ? "NOT AS EXPECTED " : "") + outcome.meaning());
        });
    }

    private void line(String... cells) {
        out.println("%-6s %-30s %-21s %-10s %-13s %-5s %-35s %s"
                .formatted((Object[]) cells)
                .stripTrailing());
    }

    /** Prints how often each operation was delivered by each way in; returns whether none is missing. */
    private boolean printDelivered() {
        var counts = new TreeMap<String, long[]>();
        for (String operation : new TreeSet<>(samples.stream()
                .filter(sample -> !sample.expected().state().equals("refused"))
                .map(Sample::operation)
                .toList())) {
            counts.put(
                    operation,
                    WAYS.stream().mapToLong(way -> delivered(operation, way)).toArray());
        }
        out.printf("%n%-22s %5s %5s %5s%n", "delivered by way in", "rest", "file", "queue");
        counts.forEach(
                (operation, count) -> out.printf("%-22s %5d %5d %5d%n", operation, count[0], count[1], count[2]));
        return counts.values().stream()
                .allMatch(count -> IntStream.range(0, count.length).allMatch(i -> count[i] > 0));
    }

    private long delivered(String operation, String way) {
        return samples.stream()
                .filter(sample ->
                        sample.operation().equals(operation) && sample.way().equals(way))
                .filter(sample -> outcome(sample).state().equals("delivered"))
                .count();
    }

    private long differentFailures() {
        return samples.stream()
                .map(this::outcome)
                .filter(outcome -> outcome.queue().startsWith("dead-letter."))
                .map(outcome -> outcome.queue() + " " + outcome.code())
                .distinct()
                .count();
    }

    private boolean isWrong(Sample sample) {
        return !outcome(sample).isAsExpected(sample.expected());
    }

    private Outcome outcome(Sample sample) {
        return outcomes.getOrDefault(sample.id(), Outcome.missing("nothing came of it"));
    }
}
