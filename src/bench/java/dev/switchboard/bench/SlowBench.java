package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A vendor that takes its time: how much of what its answers allow is made of many conversations, one message each at a time. */
final class SlowBench implements Bench.Scenario {

    private static final Duration LATENCY = Duration.ofMillis(200);
    private static final int CONVERSATIONS = 400;
    private static final int CONCURRENCY = 200;
    private static final double POSSIBLE = CONCURRENCY * 1e3 / LATENCY.toMillis();
    /** Ten messages of each conversation, so that none is without. */
    private static final int WINDOW = 10 * CONVERSATIONS;

    private final Turns turns;

    SlowBench(Options options) {
        turns = Turns.of(options, 20, 8, 5);
    }

    @Override
    public void print() throws Exception {
        Map<String, String> settings = Map.of(
                "switchboard.vendors.happytalk.accounts.default.lane.concurrency", Integer.toString(CONCURRENCY));
        try (Loop loop = new Loop();
                Measured bus = Measured.start(loop, Party.SWITCHBOARD, CONVERSATIONS, settings)) {
            bus.vendor().answerAfter(LATENCY);
            for (List<Turn> found : turns.play(List.of(bus), WINDOW).values()) {
                print(found, bus.peak());
            }
        }
    }

    private static void print(List<Turn> found, long peak) {
        List<Double> shares =
                found.stream().map(turn -> turn.perSecond() / POSSIBLE).toList();
        System.out.printf(
                Locale.ROOT,
                "The vendor answers after %d ms, %d conversations, %d calls at once:%n%n"
                        + "| messages a second | of the possible %,.0f | CPU a message, µs | peak RSS, MB |%n|---|---|---|---|%n"
                        + "| %,.0f | %s | %.0f | %d |%n%n",
                LATENCY.toMillis(),
                CONVERSATIONS,
                CONCURRENCY,
                POSSIBLE,
                Ratios.median(found, Turn::perSecond),
                new Ratios(shares),
                Ratios.median(found, Turn::cpu),
                peak);
    }
}
