package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a CSV file, and what they stand for. */
final class CsvHeader {

    private final List<String> targets = new ArrayList<>();
    private final Filling filling;

    /**
     * Reads the header.
     *
     * @param line where it stands
     * @throws Records.Unreadable naming a column that has no name, stands there twice or is unknown
     */
    CsvHeader(List<String> columns, long line, Profile profile) {
        this.filling = new Filling(profile.defaults());
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).strip();
            String where = "cell " + (i + 1) + " of the header ";
            if (name.isEmpty()) {
                throw new Records.Unreadable(line, where + "is empty: a column needs a name");
            }
            String target = profile.names().target(name).orElseThrow(() -> unknown(line, where, name, profile));
            String before = seen.putIfAbsent(target, name);
            if (before != null && !target.equals(Profile.Names.LEFT_OUT)) {
                throw twice(line, where, name, before);
            }
            targets.add(target);
        }
    }

    private static Records.Unreadable unknown(long line, String where, String name, Profile profile) {
        String group = profile.name().isEmpty() ? "" : "profiles." + profile.name() + ".";
        return new Records.Unreadable(
                line,
                where + "is " + name + ", which is no field of a message; switchboard.files." + group + "columns."
                        + name + " says which it is, or - to leave it out");
    }

    private static Records.Unreadable twice(long line, String where, String name, String before) {
        return new Records.Unreadable(
                line,
                where + "is " + name + (name.equals(before) ? " once more" : ", which is the same field as " + before));
    }

    int size() {
        return targets.size();
    }

    /** Returns which cell of a record is a field, from 0; -1 where there is none. */
    int cell(String field) {
        return targets.indexOf(field.replace('/', '.'));
    }

    /** Makes a message of the cells; an empty one is an absent field. */
    ObjectNode message(List<String> cells) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                filling.put(message, targets.get(i), TextNode.valueOf(cells.get(i)));
            }
        }
        filling.fill(message);
        return message;
    }
}
