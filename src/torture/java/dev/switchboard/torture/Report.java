package dev.switchboard.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what the rounds have found, a row for each fault and store. */
final class Report {

    private static final String HEAD = """
            | fault | store | runs | kills | accepted | lost | doubled | out of order | stuck | uncertain | dead | unpublished |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private static final int MOST_SHOWN = 10;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notRun = Collections.synchronizedList(new ArrayList<>());

    private record Row(int runs, int kills, Findings findings) {

        private Row and(Row other) {
            return new Row(runs + other.runs, kills + other.kills, findings.and(other.findings));
        }

        private String cells() {
            return String.join(
                    " | ",
                    List.of(
                                    runs,
                                    kills,
                                    findings.accepted(),
                                    findings.lost().size(),
                                    findings.doubled().size(),
                                    findings.outOfOrder().size(),
                                    findings.stuck().size(),
                                    findings.uncertain(),
                                    findings.dead(),
                                    findings.unpublished().size())
                            .stream()
                            .map(String::valueOf)
                            .toList());
        }
    }

    synchronized void add(String fault, String store, int kills, Findings findings) {
        rows.merge("| " + fault + " | " + store + " | ", new Row(1, kills, findings), Row::and);
        List<String> all = findings.wrong();
        all.stream().limit(MOST_SHOWN).forEach(each -> wrong.add(fault + " on " + store + ": " + each));
        if (all.size() > MOST_SHOWN) {
            wrong.add(fault + " on " + store + ": and " + (all.size() - MOST_SHOWN) + " more");
        }
    }

    void failed(String fault, String store, Throwable why) {
        wrong.add(fault + " on " + store + " could not be played to its end: " + why);
    }

    void notPossible(String fault, String store, String why) {
        notRun.add(fault + " on " + store + " was not played: " + why);
    }

    boolean clean() {
        return wrong.isEmpty();
    }

    /** Returns what the bus did wrong, a sentence each. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    synchronized int kills() {
        return rows.values().stream().mapToInt(Row::kills).sum();
    }

    /** Returns the table as Markdown, and below it what was not played and what is wrong. */
    synchronized String text() {
        var text = new StringBuilder(HEAD);
        rows.forEach((key, row) -> text.append(key).append(row.cells()).append(" |\n"));
        text.append("\nThe bus was killed ").append(kills()).append(" times.\n");
        notRun.forEach(each -> text.append(each).append("\n"));
        wrong.forEach(each -> text.append("WRONG: ").append(each).append("\n"));
        return text.toString();
    }
}
