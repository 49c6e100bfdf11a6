package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Cell;
import dev.switchboard.message.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * A list as a file: CSV or JSON Lines. It is read page by page while it is sent, so that its length costs no memory.
 *
 * @param name the file's name, without its ending
 * @param format {@code csv} or {@code jsonl}
 * @param columns of CSV: where in an entry each is, as JSON pointers
 */
record Export(
        String name, String format, List<String> columns, Iterator<? extends Iterable<? extends JsonNode>> pages) {

    private static final CSVFormat CSV = CSVFormat.RFC4180;

    /**
     * Reads which format is asked for; null for the answer as JSON.
     *
     * @throws Refused (422) when there is no such format
     */
    static @Nullable String format(Parameters given) {
        String format = given.get("format");
        if (format == null || format.equals("json")) {
            return null;
        }
        if (!format.equals("csv") && !format.equals("jsonl")) {
            throw Refused.invalid("format", "enum", "must be json, csv or jsonl");
        }
        return format;
    }

    /** Returns the columns of words such as {@code failure/class}. */
    static List<String> columns(String words) {
        return Stream.of(words.split(" ")).map(word -> "/" + word).toList();
    }

    /** Makes a file of a list that is in memory. */
    static Export of(String name, String format, List<String> columns, JsonNode list) {
        return new Export(name, format, columns, List.of(list).iterator());
    }

    /** Returns the same with each entry changed. */
    Export map(UnaryOperator<JsonNode> change) {
        return new Export(name, format, columns, new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pages.hasNext();
            }

            @Override
            public List<JsonNode> next() {
                var page = new ArrayList<JsonNode>();
                pages.next().forEach(entry -> page.add(change.apply(entry)));
                return page;
            }
        });
    }

    String mediaType() {
        return format.equals("csv") ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
    }

    String fileName() {
        return name + "." + format;
    }

    @SuppressWarnings("JdkObsolete") // SequenceInputStream asks for an Enumeration
    InputStream stream() {
        return new SequenceInputStream(new Enumeration<>() {
            private boolean begun;

            @Override
            public boolean hasMoreElements() {
                return !begun || pages.hasNext();
            }

            @Override
            public InputStream nextElement() {
                String text = begun ? text(pages.next()) : format.equals("csv") ? header() : "";
                begun = true;
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private String header() {
        return Cell.BYTE_ORDER_MARK
                + CSV.format(columns.stream()
                        .map(column -> column.substring(1).replace('/', '.'))
                        .toArray())
                + "\r\n";
    }

    private String text(Iterable<? extends JsonNode> page) {
        var text = new StringBuilder();
        try (var printer = new CSVPrinter(text, CSV)) {
            for (JsonNode entry : page) {
                if (format.equals("csv")) {
                    printer.printRecord(columns.stream().map(column -> cell(entry.at(column))));
                } else {
                    text.append(entry).append('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Leaves numbers as they are: they are not formulas. */
    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return value.isTextual() ? Cell.of(text) : text;
    }
}
