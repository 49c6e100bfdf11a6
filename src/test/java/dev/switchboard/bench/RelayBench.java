package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Times;
import dev.switchboard.bench.Measured.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** REST to a vendor that answers at once: Switchboard and what it is compared with, warmed up, in turns. */
final class RelayBench implements Bench.Scenario {

    private static final int WINDOW = 1_000;
    private static final int CONVERSATIONS = 10_000;

    private final List<String> names;
    private final Duration warm;
    private final Duration turn;
    private final int turns;

    RelayBench(Options options) {
        names = options.list("parties", "switchboard,relay,spring-integration,node-red");
        warm = Duration.ofSeconds(options.number("warm", 40));
        turn = Duration.ofSeconds(options.number("seconds", 8));
        turns = options.number("turns", 5);
    }

    @Override
    public void print() throws Exception {
        var parties = new ArrayList<Measured>();
        try (Loop loop = new Loop()) {
            for (String name : names) {
                parties.add(Measured.start(loop, name, CONVERSATIONS, Map.of()));
            }
            for (Measured party : parties) {
                party.flood(WINDOW, warm);
            }
            var found = new LinkedHashMap<Measured, List<Turn>>();
            for (int i = 0; i < turns; i++) {
                for (Measured party : parties) {
                    found.computeIfAbsent(party, each -> new ArrayList<>()).add(party.flood(WINDOW, turn));
                }
            }
            throughput(found);
            latency(found);
        } finally {
            parties.forEach(Measured::close);
        }
    }

    private static void throughput(Map<Measured, List<Turn>> found) throws Exception {
        List<Turn> first = found.values().iterator().next();
        String head = found.keySet().iterator().next().name();
        System.out.printf(
                "| party | messages a second | CPU a message, µs | peak RSS, MB | %s's throughput to its | %s's CPU to its |%n"
                        + "|---|---|---|---|---|---|%n",
                head, head);
        for (Map.Entry<Measured, List<Turn>> each : found.entrySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %.0f | %d | %s | %s |%n",
                    each.getKey().name(),
                    median(each.getValue().stream().mapToDouble(Turn::perSecond).toArray()),
                    median(each.getValue().stream().mapToDouble(Turn::cpu).toArray()),
                    each.getKey().peak(),
                    ratios(first, each.getValue(), Turn::perSecond),
                    ratios(first, each.getValue(), Turn::cpu));
        }
        System.out.println();
    }

    private static String ratios(List<Turn> ours, List<Turn> theirs, ToDoubleFunction<Turn> what) {
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = what.applyAsDouble(ours.get(i)) / what.applyAsDouble(theirs.get(i));
        }
        return spread(ratios);
    }

    /** Returns the median, and in brackets the least and the most. */
    static String spread(double... numbers) {
        double[] sorted = sorted(numbers);
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(numbers), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(double... numbers) {
        double[] sorted = sorted(numbers);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double[] sorted(double... numbers) {
        return Arrays.stream(numbers).sorted().toArray();
    }

    /** At half of the load that the slowest but our own bears. */
    private void latency(Map<Measured, List<Turn>> found) throws Exception {
        int rate = (int) found.values().stream()
                .limit(2)
                .mapToDouble(turns ->
                        median(turns.stream().mapToDouble(Turn::perSecond).toArray()) / 2)
                .min()
                .orElseThrow();
        var whole = new LinkedHashMap<Measured, List<Long>>();
        var added = new LinkedHashMap<Measured, List<Long>>();
        for (int i = 0; i < turns; i++) {
            for (Measured party : found.keySet()) {
                Times times = party.pace(rate, turn);
                whole.computeIfAbsent(party, each -> new ArrayList<>()).addAll(times.whole());
                added.computeIfAbsent(party, each -> new ArrayList<>()).addAll(times.added());
            }
        }
        System.out.printf(
                "At %,d messages a second, from the post and from the acceptance to the vendor's first byte, ms:%n%n"
                        + "| party | from the post: p50, p99 | from the acceptance: p50, p99 |%n|---|---|---|%n",
                rate);
        for (Measured party : found.keySet()) {
            System.out.printf("| %s | %s | %s |%n", party.name(), times(whole.get(party)), times(added.get(party)));
        }
        System.out.println();
    }

    private static String times(@Nullable List<Long> micros) {
        List<Long> all = micros == null ? List.of() : micros;
        return String.format(Locale.ROOT, "%.2f, %.2f", Bench.at(0.5, all) / 1e3, Bench.at(0.99, all) / 1e3);
    }
}
