package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.bench.Measured.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A lane while another lane's vendor hangs, compared with the lane alone. Alone, nothing is sent to the other vendor, so what
 * taking in the other lane's messages costs is counted against the bus; in a turn with the hanging vendor all calls
 * that its lane may make hang from the first to the last second.
 */
final class HangBench implements Bench.Scenario {

    private static final Duration HANG = Duration.ofSeconds(30);
    private static final int CONCURRENCY = 32;
    private static final int CONVERSATIONS = 10_000;
    private static final int WINDOW = 1_000;
    private static final String OTHER = "other";

    private final Turns turns;
    private final int rate;

    HangBench(Options options) {
        turns = Turns.of(options, 40, 8, 5);
        rate = options.number("other-rate", 20);
    }

    @Override
    public void print() throws Exception {
        var journey = new Journey();
        try (Loop loop = new Loop();
                TimedVendor vendor = new TimedVendor(journey)) {
            Map<String, String> settings = Map.of("accounts", "default," + OTHER, Party.bizUrl(OTHER), vendor.url());
            try (Measured bus = Measured.start(loop, Party.SWITCHBOARD, CONVERSATIONS, settings);
                    Load load = new Load(loop, journey, bus.party().port(), List.of(OTHER), CONVERSATIONS)) {
                play(bus, new Other(vendor, journey, load));
            }
        }
    }

    private void play(Measured bus, Other other) throws Exception {
        var alone = new ArrayList<Turn>();
        var hanging = new ArrayList<Turn>();
        bus.flood(WINDOW, turns.warm());
        other.hang(rate);
        other.recover();
        for (int i = 0; i < turns.count(); i++) {
            alone.add(bus.flood(WINDOW, turns.turn()));
            other.hang(rate);
            hanging.add(bus.flood(WINDOW, turns.turn()));
            other.recover();
        }
        print(alone, hanging, bus);
    }

    /** The other lane: its vendor, and what it is fed. */
    private record Other(TimedVendor vendor, Journey journey, Load load) {

        /** Returns when each call that its lane may make hangs. */
        private void hang(int rate) {
            vendor.answerAfter(HANG);
            load.pace(rate);
            await("the other vendor's calls")
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> vendor.holds() == CONCURRENCY);
        }

        /**
         * Returns when all that waited has come.
         *
         * @throws NoFigure where the vendor did not hang all the time
         */
        private void recover() {
            if (vendor.holds() < CONCURRENCY) {
                throw new NoFigure("only " + vendor.holds() + " calls hung at a turn's end: make it shorter");
            }
            load.stop();
            vendor.recover();
            await("what the other lane has accepted")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(journey::isOver);
        }
    }

    private void print(List<Turn> alone, List<Turn> hanging, Measured bus) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "A lane alone, and while %d calls of another hang that is fed %d messages a second:%n%n"
                        + "| | messages a second | CPU a message, µs |%n|---|---|---|%n"
                        + "| alone | %,.0f | %.0f |%n| while the other hangs | %,.0f | %.0f |%n| ratio | %s | %s |%n%n"
                        + "Peak RSS %d MB.%n%n",
                CONCURRENCY,
                rate,
                Ratios.median(alone, Turn::perSecond),
                Ratios.median(alone, Turn::cpu),
                Ratios.median(hanging, Turn::perSecond),
                Ratios.median(hanging, Turn::cpu),
                Ratios.of(hanging, alone, Turn::perSecond),
                Ratios.of(hanging, alone, Turn::cpu),
                bus.peak());
    }
}
