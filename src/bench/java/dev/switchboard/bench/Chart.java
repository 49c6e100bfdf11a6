package dev.switchboard.bench;

import dev.switchboard.bench.Comparison.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws what was measured as bars, in colours that are legible on white and on black. */
final class Chart {

    private static final int WIDTH = 640;
    private static final int NAMES = 180;
    private static final int LONGEST = 400;
    private static final int LINE = 26;

    private final List<Row> rows;
    private final StringBuilder svg = new StringBuilder();
    private int y = 24;

    private Chart(Comparison comparison) {
        rows = comparison.rows();
    }

    /** Writes an SVG file. */
    static void write(Comparison comparison, Path file) throws IOException {
        Files.writeString(file, new Chart(comparison).draw());
    }

    private String draw() {
        bars("Messages a second (more is better)", Row::perSecond);
        bars("CPU time a message, µs (less is better)", Row::cpuOfOne);
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img"\
                 font-family="system-ui, sans-serif" font-size="13">
                <title>REST to a vendor that answers at once: medians of all turns</title>
                <style>
                text { fill: #24292f } .ours { fill: #0969da } .theirs { fill: #8c959f }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #58a6ff } .theirs { fill: #6e7681 } }
                </style>
                """, WIDTH, y) + svg + "</svg>\n";
    }

    private void bars(String title, ToDoubleFunction<Row> what) {
        double most = rows.stream().mapToDouble(what).max().orElseThrow();
        add("<text x=\"0\" y=\"%d\" font-weight=\"bold\">%s</text>%n", y, title);
        for (Row row : rows) {
            y += LINE;
            bar(row.party(), what.applyAsDouble(row), most);
        }
        y += 2 * LINE;
    }

    private void bar(String party, double value, double most) {
        double length = LONGEST * value / most;
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", NAMES - 8, y, party);
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" rx=\"2\" class=\"%s\"/>%n",
                NAMES, y - 14, length, Party.isSwitchboard(party) ? "ours" : "theirs");
        add("<text x=\"%.1f\" y=\"%d\">%,.0f</text>%n", NAMES + length + 8, y, value);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
