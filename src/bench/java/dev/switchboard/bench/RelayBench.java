package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Times;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** REST to a vendor that answers at once: Switchboard and what it is compared with, warmed up, in turns. */
final class RelayBench implements Bench.Scenario {

    private static final int WINDOW = 1_000;
    private static final int CONVERSATIONS = 10_000;

    private final List<String> names;
    private final Turns turns;
    private final Limits limits;
    private final String chart;
    private final List<String> what;

    RelayBench(Options options) {
        names = options.list("parties", "switchboard,relay,spring-integration,node-red");
        what = options.list("measure", "throughput,latency");
        turns = Turns.of(options, 40, 8, 5);
        limits = Limits.of(options);
        chart = options.text("chart", "");
    }

    @Override
    public void print() throws Exception {
        var parties = new ArrayList<Measured>();
        try (Loop loop = new Loop()) {
            for (String name : names) {
                parties.add(Measured.start(loop, name, CONVERSATIONS, Map.of()));
            }
            Comparison comparison = Comparison.of(turns.play(parties, WINDOW));
            comparison.print();
            if (!chart.isEmpty()) {
                Chart.write(comparison, Path.of(chart));
            }
            if (what.contains("latency")) {
                latency(parties, comparison.halfOfTheSlower());
            }
            limits.hold(comparison);
        } finally {
            parties.forEach(Measured::close);
        }
    }

    private void latency(List<Measured> parties, int rate) throws Exception {
        var whole = new LinkedHashMap<Measured, List<Long>>();
        var added = new LinkedHashMap<Measured, List<Long>>();
        for (int i = 0; i < turns.count(); i++) {
            for (Measured party : parties) {
                Times times = party.pace(rate, turns.turn());
                whole.computeIfAbsent(party, each -> new ArrayList<>()).addAll(times.whole());
                added.computeIfAbsent(party, each -> new ArrayList<>()).addAll(times.added());
            }
        }
        System.out.printf(
                "At %,d messages a second, from the post and from the acceptance to the vendor's first byte, ms:%n%n"
                        + "| party | from the post: p50, p99 | from the acceptance: p50, p99 |%n|---|---|---|%n",
                rate);
        for (Measured party : parties) {
            System.out.printf("| %s | %s | %s |%n", party.name(), times(whole.get(party)), times(added.get(party)));
        }
        System.out.println();
    }

    private static String times(@Nullable List<Long> micros) {
        List<Long> all = micros == null ? List.of() : micros;
        return String.format(Locale.ROOT, "%.2f, %.2f", Bench.at(0.5, all) / 1e3, Bench.at(0.99, all) / 1e3);
    }
}
