package dev.switchboard.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds in a scrape what {@code promtool check metrics} would find, and labels that may take any value. */
final class Lint {

    private static final Pattern OTHER_UNIT = Pattern.compile(
            ".*_(ms|millis|milliseconds|micros|microseconds|ns|nanos|nanoseconds|minutes|hours|days|kb|mb|kilobytes|megabytes|percent|ratio_percent|s|sec|secs|b)(_.*)?");
    private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Set<String> LABELS = Set.of(
            "vendor",
            "account",
            "api",
            "operation",
            "disposition",
            "state",
            "class",
            "dead_letter",
            "code",
            "intake",
            "result",
            "topic",
            "le");

    private final Scrape scrape;
    private final List<String> found = new ArrayList<>();

    private Lint(Scrape scrape) {
        this.scrape = scrape;
    }

    /** Returns a sentence for each fault. */
    static List<String> of(Scrape scrape) {
        var lint = new Lint(scrape);
        scrape.types().forEach(lint::family);
        scrape.samples().stream()
                .filter(sample -> sample.name().startsWith("switchboard_"))
                .forEach(lint::sample);
        return lint.found;
    }

    private void fault(boolean wrong, String sentence) {
        if (wrong) {
            found.add(sentence);
        }
    }

    private void family(String name, String type) {
        boolean counter = type.equals("counter");
        fault(scrape.help(name).isBlank(), name + " has no HELP");
        fault(!Set.of("counter", "gauge", "histogram", "summary").contains(type), name + " has no type");
        fault(counter != name.endsWith("_total"), name + " is a " + type + ": counters, and only they, end in _total");
        fault(!SNAKE_CASE.matcher(name).matches(), name + " is not in snake case");
        fault(OTHER_UNIT.matcher(name).matches(), name + " is not in a base unit");
        fault(name.matches(".*_(gauge|counter|histogram|summary)(_.*)?"), name + " names its type");
        fault(name.matches(".*_(bucket|count|sum)") && !counter, name + " ends as a histogram's part does");
    }

    private void sample(Scrape.Sample sample) {
        sample.labels()
                .forEach((label, value) ->
                        fault(!LABELS.contains(label), sample.name() + " has the label " + label + "=" + value));
        fault(
                !family(sample.name()).equals("histogram") && sample.labels().containsKey("le"),
                sample.name() + " has le and is no histogram");
        fault(Double.isNaN(sample.value()), sample.name() + sample.labels() + " has no value");
    }

    private String family(String sample) {
        return scrape.types().getOrDefault(sample.replaceFirst("_(bucket|count|sum)$", ""), "");
    }
}
