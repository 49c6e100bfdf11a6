package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** How late messages of the first party and of another reach the vendor, in turns, each at half of what the slower one can do. */
record Latency(String other, int perSecond, List<Times> ours, List<Times> theirs) {

    static Latency measure(Measured first, Measured other, int perSecond, Turns turns) throws Exception {
        var latency = new Latency(other.name(), perSecond, new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < turns.count(); i++) {
            latency.ours.add(first.pace(perSecond, turns.turn()));
            latency.theirs.add(other.pace(perSecond, turns.turn()));
        }
        return latency;
    }

    static void printHead(String first) {
        System.out.printf(
                "From the post and from the acceptance to the vendor's first byte, at half of what the slower of the two can do, ms:%n%n"
                        + "| party | messages a second | from the post: p50, p99 | %1$s's | %1$s's p99 to its"
                        + " | from the acceptance: p50, p99 | %1$s's |%n|---|---|---|---|---|---|---|%n",
                first);
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %s | %s | %s | %s | %s |%n",
                other,
                perSecond,
                times(theirs, Times::whole),
                times(ours, Times::whole),
                Ratios.of(ours, theirs, Times::slow),
                times(theirs, Times::added),
                times(ours, Times::added));
    }

    private static String times(List<Times> turns, Function<Times, List<Long>> which) {
        List<Long> all =
                turns.stream().flatMap(each -> which.apply(each).stream()).toList();
        return String.format(Locale.ROOT, "%.2f, %.2f", Bench.at(0.5, all) / 1e3, Bench.at(0.99, all) / 1e3);
    }
}
