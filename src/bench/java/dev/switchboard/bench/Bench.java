package dev.switchboard.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./switchboard bench SCENARIO... [--option value]...}: measures from outside, and prints figures as Markdown. */
public final class Bench {

    /** What can be measured. */
    interface Scenario {
        /** Plays it, and prints its tables. */
        void print() throws Exception;
    }

    private interface Kind {
        Scenario of(Options options);
    }

    private static final Map<String, Kind> SCENARIOS = new LinkedHashMap<>();

    static {
        SCENARIOS.put("rest", RelayBench::new);
        SCENARIOS.put("queue", QueueBench::new);
        SCENARIOS.put("slow", SlowBench::new);
        SCENARIOS.put("hang", HangBench::new);
        SCENARIOS.put("growth", GrowthBench::new);
        SCENARIOS.put("files", FilesBench::of);
        SCENARIOS.put("store", StoreBench::new);
        SCENARIOS.put("start", StartBench::of);
        SCENARIOS.put("lists", options -> new ListsBench(options.number("messages", 1_000_000)));
        SCENARIOS.put("retention", options -> new RetentionBench(options.number("messages", 1_000_000)));
    }

    private Bench() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        try {
            List<Scenario> scenarios = scenarios(arguments);
            Origin.print(arguments);
            for (Scenario scenario : scenarios) {
                System.out.println();
                scenario.print();
            }
        } catch (IllegalArgumentException e) {
            System.err.println("switchboard: " + e.getMessage());
            System.exit(2);
        } catch (NoFigure e) {
            System.err.println("switchboard: " + e.getMessage());
            System.exit(1);
        }
    }

    private static List<Scenario> scenarios(String... arguments) {
        List<String> names = Arrays.stream(arguments)
                .takeWhile(argument -> !argument.startsWith("--"))
                .toList();
        var options = new Options(Arrays.copyOfRange(arguments, names.size(), arguments.length));
        if (names.isEmpty()) {
            throw unknown();
        }
        List<Scenario> scenarios =
                names.stream().map(name -> kind(name).of(options)).toList();
        options.refuseOthers();
        return scenarios;
    }

    private static Kind kind(String name) {
        Kind kind = SCENARIOS.get(name);
        if (kind == null) {
            throw unknown();
        }
        return kind;
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("bench knows: " + String.join(", ", SCENARIOS.keySet()));
    }

    /** Returns the number in the middle, or at another share of the way. */
    static long at(double share, List<Long> numbers) {
        var sorted = new ArrayList<>(numbers);
        sorted.sort(null);
        return sorted.isEmpty() ? -1 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
