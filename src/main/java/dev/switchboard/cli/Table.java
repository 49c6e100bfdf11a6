package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows under a head. The columns are as wide as they need to be, on a terminal at most as wide as it. */
final class Table {

    /** The width of the terminal, which the launcher sees; 0 if the output goes elsewhere. */
    private static final int TERMINAL = Integer.getInteger("switchboard.columns", 0);

    private static final int GAP = 2;
    private static final int NARROWEST = 8;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(Arrays.stream(head).map(name -> name.toUpperCase(Locale.ROOT)).toList());
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> line(String.valueOf(cell))).toList());
        return this;
    }

    /** Adds a row of an object's fields; nested ones are named as in a JSON pointer. */
    Table row(JsonNode object, String... fields) {
        return row(cells(object, fields).toArray());
    }

    static Stream<String> cells(JsonNode object, String... fields) {
        return Arrays.stream(fields)
                .map(field -> field.startsWith("/") ? object.at(field) : object.path(field))
                .map(value -> value.isMissingNode() || value.isNull() ? "" : value.asText());
    }

    /** Foreign texts must not control the terminal, or make two lines of one. */
    static String line(String text) {
        return text.codePoints()
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? ' ' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return rows.size() == 1 ? "There are none." : fitting(TERMINAL);
    }

    /**
     * Returns the table so that it fits a number of columns, if it can: without what is empty, and with the widest cut. The first is
     * never cut, as it is what the next command needs. 0: whole.
     */
    String fitting(int most) {
        List<List<String>> shown = most > 0 ? withoutEmpty() : rows;
        int[] widths = new int[shown.get(0).size()];
        shown.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        });
        if (most > 0) {
            narrow(widths, most - GAP * (widths.length - 1));
        }
        return shown.stream().map(row -> line(row, widths)).collect(Collectors.joining(System.lineSeparator()));
    }

    private List<List<String>> withoutEmpty() {
        int[] filled = IntStream.range(0, rows.get(0).size())
                .filter(i -> rows.stream().skip(1).anyMatch(row -> !row.get(i).isEmpty()))
                .toArray();
        return rows.stream()
                .map(row -> Arrays.stream(filled).mapToObj(row::get).toList())
                .toList();
    }

    private static void narrow(int[] widths, int most) {
        for (int over = Arrays.stream(widths).sum() - most; over > 0; over--) {
            int widest = IntStream.range(1, widths.length)
                    .boxed()
                    .max(Comparator.comparingInt(i -> widths[i]))
                    .orElse(0);
            if (widest == 0 || widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
        }
    }

    private static String line(List<String> row, int... widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = cut(row.get(i), widths[i]);
            line.append(cell).append(" ".repeat(widths[i] - width(cell) + GAP));
        }
        return line.toString().stripTrailing();
    }

    private static String cut(String cell, int most) {
        if (width(cell) <= most) {
            return cell;
        }
        var kept = new StringBuilder();
        int left = most - 1;
        for (int each : cell.codePoints().toArray()) {
            left -= wide(each) ? 2 : 1;
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(each);
        }
        return kept.append('…').toString();
    }

    /** Korean letters take two places. */
    private static int width(String text) {
        return text.codePoints().map(each -> wide(each) ? 2 : 1).sum();
    }

    private static boolean wide(int character) {
        return (character >= 0x1100 && character <= 0x115F)
                || (character >= 0x2E80 && character <= 0xA4CF)
                || (character >= 0xAC00 && character <= 0xD7A3)
                || (character >= 0xF900 && character <= 0xFAFF)
                || (character >= 0xFE30 && character <= 0xFE6F)
                || (character >= 0xFF00 && character <= 0xFF60)
                || (character >= 0x1F300 && character <= 0x1FAFF);
    }
}
