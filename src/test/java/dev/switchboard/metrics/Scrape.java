package dev.switchboard.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus reads of a bus, in its text format. */
public final class Scrape {

    private static final Pattern ABOUT = Pattern.compile("# (HELP|TYPE) (\\S+) ?(.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One line with a value. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    private final Map<String, String> helps = new HashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();

    /** Reads a scrape; each line has to be of the format. */
    public Scrape(String text) {
        text.lines().filter(line -> !line.isEmpty()).forEach(this::read);
    }

    private void read(String line) {
        Matcher about = ABOUT.matcher(line);
        if (about.matches()) {
            Map<String, String> kept = about.group(1).equals("HELP") ? helps : types;
            if (kept.put(about.group(2), about.group(3)) != null) {
                throw new AssertionError("told twice: " + line);
            }
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("not of the format: " + line);
        }
        var labels = new LinkedHashMap<String, String>();
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        samples.add(new Sample(sample.group(1), labels, number(sample.group(3))));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** Returns the names of families with their types. */
    public Map<String, String> types() {
        return types;
    }

    /** Returns what is said of a family, or nothing. */
    public String help(String family) {
        return helps.getOrDefault(family, "");
    }

    /** Returns all samples. */
    public List<Sample> samples() {
        return samples;
    }

    /** Returns the names of all samples. */
    public Set<String> names() {
        return samples.stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the values that a label has in samples of ours. */
    public Set<String> values(String label) {
        return samples.stream()
                .filter(sample -> sample.name().startsWith("switchboard_"))
                .map(sample -> sample.labels().getOrDefault(label, ""))
                .filter(Predicate.not(String::isEmpty))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the sum of the samples of a name that have some labels, given as names and values in turn. */
    public double sum(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Sample::value)
                .sum();
    }
}
