package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rows under a head, with columns as wide as they need to be. */
final class Table {

    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(Arrays.stream(head).map(name -> name.toUpperCase(Locale.ROOT)).toList());
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> shown(String.valueOf(cell))).toList());
        return this;
    }

    /** Adds a row of an object's fields; nested ones are named as in a JSON pointer. */
    Table row(JsonNode object, String... fields) {
        return row(Arrays.stream(fields)
                .map(field -> field.startsWith("/") ? object.at(field) : object.path(field))
                .map(value -> value.isMissingNode() || value.isNull() ? "" : value.asText())
                .toArray());
    }

    /** Shortens a text to what a cell takes. */
    static String shown(String text) {
        String line = line(text);
        return line.length() > WIDEST ? line.substring(0, WIDEST - 1) + "…" : line;
    }

    /** What comes from elsewhere must not steer the terminal, nor make two lines of one. */
    static String line(String text) {
        return text.codePoints()
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? ' ' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        });
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String line(List<String> row, int... widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + 2));
        }
        return line.toString().stripTrailing();
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
