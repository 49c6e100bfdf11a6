package dev.switchboard.bench;

import dev.switchboard.bench.Comparison.Row;
import java.util.Locale;

/** How much CPU the first party may take, and how much it must get done, compared with the second: ratios of turns. */
record Limits(double mostCpu, double leastThroughput) {

    /** Reads {@code --cpu-at-most} and {@code --throughput-at-least}; what is not given has no limit. */
    static Limits of(Options options) {
        return new Limits(options.ratio("cpu-at-most", Double.MAX_VALUE), options.ratio("throughput-at-least", 0));
    }

    /**
     * Makes sure that they hold.
     *
     * @throws NoFigure where one does not
     */
    void hold(Comparison comparison) {
        if (comparison.rows().size() < 2) {
            return;
        }
        Row second = comparison.rows().get(1);
        if (second.cpu().median() > mostCpu) {
            throw broken(comparison, "CPU a message", second.cpu(), "at most", mostCpu);
        }
        if (second.throughput().median() < leastThroughput) {
            throw broken(comparison, "throughput", second.throughput(), "at least", leastThroughput);
        }
    }

    private static NoFigure broken(Comparison comparison, String what, Ratios found, String bound, double limit) {
        return new NoFigure(String.format(
                Locale.ROOT,
                "%s's %s is %s times that of %s, and should be %s %.2f",
                comparison.rows().get(0).party(),
                what,
                found,
                comparison.rows().get(1).party(),
                bound,
                limit));
    }
}
