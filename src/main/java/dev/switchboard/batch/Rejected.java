package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.message.Cell;
import dev.switchboard.message.Json;
import dev.switchboard.records.Format;
import dev.switchboard.records.Layout;
import dev.switchboard.records.Profile;
import dev.switchboard.store.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the records of a batch that were rejected, each as it came and with the reason: in the form of the file that
 * they came in, so that they can be corrected and dropped again.
 */
final class Rejected {

    private final Layout layout;
    private final Writer out;
    private final boolean excel;
    private final Pattern cell;
    private boolean first = true;

    private Rejected(Layout layout, boolean excel, Writer out) {
        this.layout = layout;
        this.excel = excel;
        String delimiter = Pattern.quote(String.valueOf(layout.delimiter()));
        this.cell = Pattern.compile("(?<=^|" + delimiter + ")(\"?)((?:(?!\"|" + delimiter + ").)*)", Pattern.DOTALL);
        this.out = out;
    }

    /** Reads how the file of a batch was written. */
    static Layout layout(String kept) {
        try {
            return Json.MAPPER.readValue(kept, Layout.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds no layout: " + kept, e);
        }
    }

    static String ending(Layout layout) {
        return switch (layout.format()) {
            case JSON_LINES -> ".rejected.jsonl";
            case JSON_ARRAY -> ".rejected.json";
            case CSV -> ".rejected.csv";
        };
    }

    static String mediaType(Layout layout) {
        String type = switch (layout.format()) {
            case JSON_LINES -> "application/jsonl";
            case JSON_ARRAY -> "application/json";
            case CSV -> "text/csv";
        };
        return type + "; charset=" + charset(layout).name();
    }

    static Charset charset(Layout layout) {
        return layout.encoding().charset();
    }

    static Rejected begin(Layout layout, boolean excel, Writer out) throws IOException {
        var rejected = new Rejected(layout, excel && layout.format() == Format.CSV, out);
        if (layout.mark() || (rejected.excel && charset(layout).equals(StandardCharsets.UTF_8))) {
            out.write(Cell.BYTE_ORDER_MARK);
        }
        switch (layout.format()) {
            case CSV -> out.write(layout.header() + layout.delimiter() + Profile.Names.REASON + layout.lineEnd());
            case JSON_ARRAY -> out.write("[" + layout.lineEnd());
            case JSON_LINES -> {}
        }
        return rejected;
    }

    void row(Batch.Row row) {
        String raw = row.raw() == null ? "" : row.raw();
        String reason = row.reason() == null ? "" : row.reason();
        try {
            switch (layout.format()) {
                case CSV ->
                    out.write((excel ? safe(raw) : raw)
                            + layout.delimiter()
                            + quoted(excel ? Cell.of(reason) : reason)
                            + layout.lineEnd());
                case JSON_LINES -> out.write(withReason(raw, reason) + layout.lineEnd());
                case JSON_ARRAY -> out.write((first ? "" : "," + layout.lineEnd()) + withReason(raw, reason));
            }
            first = false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void end() throws IOException {
        if (layout.format() == Format.JSON_ARRAY) {
            out.write(layout.lineEnd() + "]" + layout.lineEnd());
        }
    }

    /** A record may be in the file because its quotes are wrong, so its cells are told by delimiters alone. */
    private String safe(String raw) {
        return cell.matcher(raw)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + Cell.of(found.group(2))));
    }

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** An object takes the reason as its last field; anything else has to be corrected anyway, and has the reason behind it. */
    private static String withReason(String raw, String reason) {
        String text = raw.stripTrailing();
        String said = quotedJson(Profile.Names.REASON) + ":" + quotedJson(reason);
        if (!text.endsWith("}")) {
            return raw + " " + said;
        }
        String open = text.substring(0, text.length() - 1);
        return open + (open.stripTrailing().endsWith("{") ? "" : ",") + said + "}";
    }

    private static String quotedJson(String text) {
        return Json.MAPPER.getNodeFactory().textNode(text).toString();
    }
}
