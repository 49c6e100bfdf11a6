package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180) with a header row of field names in any order; {@code labels.<name>} is a label. An empty cell means
 * that the field is absent. Commas, semicolons and tabs are told apart by the header.
 */
final class Csv implements Records {

    private static final int LONGEST_HEADER = 64 * 1024;
    private static final String LABEL = "labels.";

    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> columns;
    private long line;
    private @Nullable CSVRecord next;

    Csv(Reader in) throws IOException {
        var start = new StringBuilder();
        var pushback = new PushbackReader(in, LONGEST_HEADER);
        int c = pushback.read();
        while (c >= 0 && c != '\n' && start.length() < LONGEST_HEADER - 1) {
            start.append((char) c);
            c = pushback.read();
        }
        if (c >= 0) {
            pushback.unread(c);
        }
        pushback.unread(start.toString().toCharArray());
        parser = CSVParser.builder()
                .setReader(pushback)
                .setFormat(CSVFormat.RFC4180
                        .builder()
                        .setDelimiter(delimiter(start))
                        .setIgnoreEmptyLines(false)
                        .get())
                .get();
        records = parser.iterator();
        columns = records.hasNext() ? header(records.next()) : List.of();
    }

    private static char delimiter(CharSequence header) {
        long commas = header.chars().filter(c -> c == ',').count();
        long semicolons = header.chars().filter(c -> c == ';').count();
        long tabs = header.chars().filter(c -> c == '\t').count();
        if (tabs > commas && tabs > semicolons) {
            return '\t';
        }
        return semicolons > commas ? ';' : ',';
    }

    private static List<String> header(CSVRecord first) {
        List<String> names = first.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty() || !seen.add(name)) {
                throw new Unreadable("line 1: the header has " + (name.isEmpty() ? "an empty name" : name + " twice"));
            }
        }
        return names;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                line = parser.getCurrentLineNumber() + 1;
                if (!records.hasNext()) {
                    return false;
                }
                CSVRecord cells = records.next();
                next = cells.size() == 1 && cells.get(0).isEmpty() ? null : cells;
            }
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new Unreadable("line " + line + ": " + e.getMessage(), e);
        }
    }

    @Override
    public FileRecord next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        FileRecord found = record(next);
        next = null;
        return found;
    }

    private FileRecord record(CSVRecord cells) {
        String raw = String.join(",", cells);
        if (cells.size() != columns.size()) {
            return FileRecord.unreadable(line, raw, "has " + cells.size() + " cells, the header has " + columns.size());
        }
        if (raw.indexOf('\ufffd') >= 0) {
            return FileRecord.unreadable(line, raw, "holds bytes that are no UTF-8");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < columns.size(); i++) {
            put(json, columns.get(i), cells.get(i));
        }
        return FileRecord.of(line, raw, json);
    }

    private static void put(ObjectNode json, String column, String cell) {
        if (cell.isEmpty()) {
            return;
        }
        if (column.startsWith(LABEL)) {
            json.withObject("/labels").put(column.substring(LABEL.length()), cell);
        } else {
            json.put(column, cell);
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
