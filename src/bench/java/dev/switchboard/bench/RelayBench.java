package dev.switchboard.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        names = options.list("parties", "switchboard,relay,spring-integration,camel,jobrunr,node-red");
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
                parties.get(parties.size() - 1).party().print();
            }
            System.out.println();
            Comparison comparison = Comparison.of(turns.play(parties, WINDOW));
            comparison.print();
            if (!chart.isEmpty()) {
                Chart.write(comparison, Path.of(chart));
            }
            if (what.contains("latency")) {
                latency(parties, comparison);
            }
            printWhatIsNotDone(parties);
            limits.hold(comparison);
        } finally {
            parties.forEach(Measured::close);
        }
    }

    private void latency(List<Measured> parties, Comparison comparison) throws Exception {
        Measured first = parties.get(0);
        Latency.printHead(first.name());
        for (int i = 1; i < parties.size(); i++) {
            Latency.measure(first, parties.get(i), comparison.halfOfTheSlower(i), turns)
                    .print();
        }
        System.out.println();
    }

    private static void printWhatIsNotDone(List<Measured> parties) throws IOException {
        List<Peer> peers = parties.stream()
                .flatMap(each -> Optional.ofNullable(each.party().peer()).stream())
                .distinct()
                .toList();
        for (Peer peer : peers) {
            for (String each : peer.lacks()) {
                System.out.println("- " + peer.name() + ": " + each);
            }
        }
    }
}
