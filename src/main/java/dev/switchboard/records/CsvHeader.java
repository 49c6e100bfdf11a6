package dev.switchboard.records;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Visible;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a CSV file, and what they stand for. */
final class CsvHeader {

    private static final int LONGEST_SHOWN = 60;
    private static final int ZWNJ = 0x200c;
    private static final int ZWJ = 0x200d;

    private final List<String> names;
    private final List<String> targets = new ArrayList<>();
    private final Filling filling;

    /**
     * Reads the header.
     *
     * @param line its line in the file
     * @throws Records.Unreadable naming a column that has no name, comes twice or is unknown
     */
    CsvHeader(List<String> columns, long line, Profile profile) {
        this.filling = new Filling(profile.defaults());
        this.names = columns.stream().map(Profile.Names::plain).toList();
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = names.get(i);
            String where = "cell " + (i + 1) + " of the header ";
            if (name.isEmpty()) {
                throw new Records.Unreadable(line, where + "is empty: a column needs a name");
            }
            String target =
                    profile.names().target(name).orElseThrow(() -> unknown(line, where, name, profile, columns.size()));
            String before = seen.putIfAbsent(target, name);
            if (before != null && !target.equals(Profile.Names.LEFT_OUT)) {
                throw twice(line, where, name, before);
            }
            targets.add(target);
        }
    }

    /** Returns whether a record is the header again, as where files were joined: it must not be sent to anyone. */
    boolean isRepeatedBy(List<String> texts) {
        return texts.stream().map(Profile.Names::plain).toList().equals(names);
    }

    private static Records.Unreadable unknown(long line, String where, String name, Profile profile, int columns) {
        String group = profile.name().isEmpty() ? "" : "profiles." + profile.name() + ".";
        String shown = shown(name);
        return new Records.Unreadable(
                line,
                where + "is " + shown + ", which is not a field of a message; switchboard.files." + group + "columns."
                        + shown
                        + " says which it is, or - to leave it out"
                        + (columns > 1
                                ? ""
                                : ". Cells are separated by , ; tab or |; a first line such as sep=^ names another"));
    }

    private static Records.Unreadable twice(long line, String where, String name, String before) {
        return new Records.Unreadable(
                line,
                where + "is " + shown(name)
                        + (name.equals(before) ? " once more" : ", which is the same field as " + shown(before)));
    }

    /** Does not show a long name: a file without a header has someone's text there. */
    private static String shown(String name) {
        return Visible.of(FileName.cut(name, LONGEST_SHOWN)) + (FileName.bytes(name) > LONGEST_SHOWN ? "…" : "");
    }

    int size() {
        return targets.size();
    }

    /** Returns which cell of a record is a field, from 0; -1 where there is none. */
    int cell(String field) {
        return targets.indexOf(field.replace('/', '.'));
    }

    /** Returns which cell holds an invisible character that would be sent; -1 if none does. */
    int misleading(List<String> cells) {
        int i = 0;
        while (i < cells.size() && (isPlain(cells.get(i)) || isFreeText(targets.get(i)) || !misleads(cells.get(i)))) {
            i++;
        }
        return i < cells.size() ? i : -1;
    }

    /** Returns a cell with its invisible characters, and what to do. */
    String misled(int cell, String text) {
        return targets.get(cell) + " is " + shown(text) + ": remove the characters that cannot be seen";
    }

    private static boolean isFreeText(String target) {
        return target.equals("text") || target.equals(Profile.Names.LEFT_OUT) || Profile.Names.isLabel(target);
    }

    private static boolean isPlain(String cell) {
        return cell.chars().allMatch(c -> (c >= ' ' && c <= '~') || (c >= 0xac00 && c <= 0xd7a3));
    }

    /** Within a cell, a no-break space may join words, and a joiner emoji; a cell with nothing else is empty. */
    private static boolean misleads(String cell) {
        int[] all = cell.strip().codePoints().toArray();
        if (Arrays.stream(all).allMatch(Visible::isInvisible)) {
            return false;
        }
        return hides(cell.codePointAt(0))
                || hides(cell.codePointBefore(cell.length()))
                || hides(all[0])
                || hides(all[all.length - 1])
                || Arrays.stream(all)
                        .anyMatch(c -> hides(c) && Character.getType(c) == Character.FORMAT && c != ZWNJ && c != ZWJ);
    }

    private static boolean hides(int character) {
        return Visible.isInvisible(character) && character != '\t' && character != '\r' && character != '\n';
    }

    /** Makes a message of the cells; an empty one is an absent field. */
    ObjectNode message(List<String> cells) {
        ObjectNode message = Json.object();
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).codePoints().anyMatch(c -> !Visible.isInvisible(c))) {
                filling.put(message, targets.get(i), TextNode.valueOf(cells.get(i)));
            }
        }
        filling.fill(message);
        return message;
    }
}
