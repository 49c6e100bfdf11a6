package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the first party's turns are to those of each other. */
record Comparison(List<Row> rows) {

    /** One party's turns, its memory, and the first party's turns to them. */
    record Row(String party, List<Turn> turns, long peak, Ratios throughput, Ratios cpu) {

        double perSecond() {
            return Ratios.median(turns, Turn::perSecond);
        }

        double cpuOfOne() {
            return Ratios.median(turns, Turn::cpu);
        }
    }

    static Comparison of(Map<Measured, List<Turn>> found) throws IOException {
        List<Turn> first = found.values().iterator().next();
        var rows = new ArrayList<Row>();
        for (Map.Entry<Measured, List<Turn>> each : found.entrySet()) {
            List<Turn> turns = each.getValue();
            rows.add(new Row(
                    each.getKey().name(),
                    turns,
                    each.getKey().peak(),
                    Ratios.of(first, turns, Turn::perSecond),
                    Ratios.of(first, turns, Turn::cpu)));
        }
        return new Comparison(rows);
    }

    void print() {
        String head = rows.get(0).party;
        System.out.printf(
                "| party | messages a second | CPU a message, µs | peak RSS, MB | %s's throughput to its | %s's CPU to its |%n"
                        + "|---|---|---|---|---|---|%n",
                head, head);
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %.0f | %d | %s | %s |%n",
                    row.party,
                    row.perSecond(),
                    row.cpuOfOne(),
                    row.peak,
                    row.throughput,
                    row.cpu);
        }
        System.out.println();
    }

    /** Returns half of the throughput that the slower of the first and another has. */
    int halfOfTheSlower(int other) {
        return (int) Math.min(rows.get(0).perSecond(), rows.get(other).perSecond()) / 2;
    }
}
