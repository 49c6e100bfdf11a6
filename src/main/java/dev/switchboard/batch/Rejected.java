package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.store.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;

/**
 * Writes the records of a batch that were rejected, each as it came with the reason beside it: in the form of the file that
 * they came in, so that they can be mended and dropped again.
 */
final class Rejected {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Layout layout;
    private final Writer out;
    private boolean first = true;

    private Rejected(Layout layout, Writer out) {
        this.layout = layout;
        this.out = out;
    }

    /** Reads how the file of a batch was written. */
    static Layout layout(String kept) {
        try {
            return JSON.readValue(kept, Layout.class);
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

    static Charset charset(Layout layout) {
        return layout.encoding().charset();
    }

    static Rejected begin(Layout layout, Writer out) throws IOException {
        var rejected = new Rejected(layout, out);
        if (layout.mark()) {
            out.write('\ufeff');
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
                case CSV -> out.write(raw + layout.delimiter() + quoted(reason) + layout.lineEnd());
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

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** An object takes the reason as its last field; what is none has to be mended anyway, and has it behind. */
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
        return JSON.getNodeFactory().textNode(text).toString();
    }
}
