package dev.switchboard.records;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array whose elements are the records. The end of an element is found by brackets and quotes, and only then is the
 * element parsed. So its unchanged text is known, one that is too long or not JSON is refused alone, and all
 * character sets are read in the same way.
 */
final class JsonArray extends Reading {

    private final JsonRecords records;
    private final Layout layout;
    private long elements;

    JsonArray(Text text, Profile profile) throws IOException {
        super(text);
        this.records = new JsonRecords(profile, encoding);
        this.layout = new Layout(Format.JSON_ARRAY, encoding, text.mark(), "", ',', lineEnd(1));
        if (blanks() != '[') {
            throw unreadable("this is not a JSON array, which begins with [; one object a line is for a .jsonl file");
        }
        in.at++;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    private Unreadable unreadable(String reason) {
        return new Unreadable(in.line(), in.column(), reason);
    }

    @Override
    public Place place(FileRecord record, String field) {
        return records.place(record, field);
    }

    @Override
    @Nullable
    FileRecord read() throws IOException {
        int next = blanks();
        if (next == ']') {
            return end();
        }
        if (elements > 0) {
            if (next != ',') {
                throw unreadable(next < 0 ? "the file ends before the array does" : "a comma or ] was expected here");
            }
            in.at++;
            next = blanks();
        }
        if (next < 0 || next == ',' || next == ']' || next == '}') {
            throw unreadable(next < 0 ? "the file ends before the array does" : "an element was expected here");
        }
        elements++;
        return element().numbered(elements);
    }

    private @Nullable FileRecord end() throws IOException {
        in.at++;
        if (blanks() >= 0) {
            throw unreadable("something stands behind the end of the array");
        }
        return null;
    }

    private FileRecord element() throws IOException {
        in.begin();
        if (!skipElement()) {
            throw new Unreadable(
                    in.startLine(),
                    in.origin(0).column(),
                    "the file ends in the middle of the element that begins here");
        }
        return in.tooLong() ? in.refused(in.length()) : records.record(in.origin(in.length()), copy((int) in.length()));
    }

    /** Returns whether the element has come to its end. */
    private boolean skipElement() throws IOException {
        int depth = 0;
        while (in.more()) {
            byte c = in.buffer[in.at];
            if (depth == 0 && (c == ',' || c == ']' || c == '}' || blank(c))) {
                return true;
            }
            in.at++;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (c == '\n') {
                in.newLine();
            } else if (c == '"' && !skipString()) {
                return false;
            }
            if (depth == 0 && (c == '}' || c == ']')) {
                return true;
            }
        }
        return false;
    }

    private boolean skipString() throws IOException {
        boolean escaped = false;
        while (in.more()) {
            byte[] buffer = in.buffer;
            int i = in.at;
            while (i < in.end && (escaped || (buffer[i] != '"' && buffer[i] != '\n'))) {
                escaped = !escaped && buffer[i] == '\\';
                i++;
            }
            in.at = i;
            if (i < in.end) {
                in.at++;
                if (buffer[i] == '"') {
                    return true;
                }
                in.newLine();
            }
        }
        return false;
    }

    private static boolean blank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Skips blanks, and returns what comes then. */
    private int blanks() throws IOException {
        int next = in.peek();
        while (blank(next)) {
            in.at++;
            if (next == '\n') {
                in.newLine();
            }
            next = in.peek();
        }
        return next;
    }
}
