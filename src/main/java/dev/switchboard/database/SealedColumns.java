package dev.switchboard.database;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which columns hold content: what messages, vendors and files say. Their values are sealed on the way into a statement and opened
 * on the way out of a row, both in {@link Sql}, so that nothing else needs to know of it.
 */
final class SealedColumns {

    /**
     * A table with content.
     *
     * @param key its primary key
     * @param columns those that are sealed
     */
    record Table(String name, List<String> key, List<String> columns) {}

    static final List<Table> ALL = List.of(
            table("message", "seq", "body"),
            table("work", "lane seq", "failure"),
            table("outcome", "seq", "failure result answer_message request answer"),
            table("attempt", "seq number", "answer_message request answer"),
            table("outbox", "seq", "body error"),
            table("batch", "seq", "header reason"),
            table("batch_row", "batch line", "reason raw"),
            table("stopped_circuit", "lane api", "why"));

    private static final Set<String> NAMES =
            ALL.stream().flatMap(table -> table.columns.stream()).collect(Collectors.toSet());
    private static final Pattern INSERT = Pattern.compile("insert into (\\w+) \\(([^)]*)\\) values ");
    private static final Pattern UPDATE = Pattern.compile("update (\\w+) set ");

    private SealedColumns() {}

    private static Table table(String name, String key, String columns) {
        return new Table(name, List.of(key.split(" ")), List.of(columns.split(" ")));
    }

    /** Returns whether a column of a result may hold a sealed text. */
    static boolean has(String column) {
        return NAMES.contains(column);
    }

    private static List<String> of(String table) {
        return ALL.stream()
                .filter(each -> each.name.equals(table))
                .findFirst()
                .map(Table::columns)
                .orElse(List.of());
    }

    /**
     * Returns which values of a statement are of sealed columns, counted from 0.
     *
     * @throws IllegalStateException when one is part of an expression, and so could not be opened again
     */
    static BitSet in(String sql) {
        var sealed = new BitSet();
        Matcher insert = INSERT.matcher(sql);
        Matcher update = UPDATE.matcher(sql);
        if (insert.lookingAt() && !of(insert.group(1)).isEmpty()) {
            inserted(sql.substring(insert.end()), List.of(insert.group(2).split(",\\s*")), of(insert.group(1)), sealed);
        } else if (update.lookingAt() && !of(update.group(1)).isEmpty()) {
            updated(sql.substring(update.end()), of(update.group(1)), sealed);
        }
        return sealed;
    }

    private static void inserted(String rows, List<String> columns, List<String> content, BitSet sealed) {
        int value = 0;
        for (String row : split(rows.substring(0, find(rows, 0, " on conflict")))) {
            List<String> values = split(row.substring(1, row.length() - 1));
            for (int i = 0; i < values.size(); i++) {
                value = note(content.contains(columns.get(i)), values.get(i), value, "?", columns.get(i), sealed);
            }
        }
    }

    private static void updated(String assignments, List<String> content, BitSet sealed) {
        int value = 0;
        for (String each : split(assignments.substring(0, find(assignments, 0, " where ")))) {
            String column = each.substring(0, each.indexOf(" = "));
            String assigned = each.substring(column.length() + " = ".length());
            String plain = assigned.equals("coalesce(" + column + ", ?)") ? assigned : "?";
            value = note(content.contains(column), assigned, value, plain, column, sealed);
        }
    }

    /** Notes the value of one column; returns the number of the next value. */
    private static int note(boolean content, String expression, int value, String plain, String column, BitSet sealed) {
        int values = (int) expression.chars().filter(each -> each == '?').count();
        if (content && values > 0) {
            if (!expression.equals(plain)) {
                throw new IllegalStateException("the column " + column + " is sealed, and so cannot be " + expression);
            }
            sealed.set(value);
        }
        return value + values;
    }

    /** Splits at commas that are in no parentheses and no quotes. */
    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        for (int from = 0; from <= text.length(); ) {
            int end = find(text, from, ",");
            parts.add(text.substring(from, end).strip());
            from = end + 1;
        }
        return parts;
    }

    /** Finds a text where it is in no parentheses and no quotes; its end where there is none. */
    private static int find(String text, int from, String wanted) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char each = text.charAt(i);
            quoted ^= each == '\'';
            depth += quoted ? 0 : "(".indexOf(each) - ")".indexOf(each);
            if (!quoted && depth == 0 && text.startsWith(wanted, i)) {
                return i;
            }
        }
        return text.length();
    }
}
