package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.vendor.MessageCheck;
import java.io.IOException;
import java.io.Reader;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** JSON Lines: one JSON object a line; empty lines are left out. */
final class JsonLines implements Records {

    private static final int LONGEST = 256 * 1024;
    private static final int SHOWN = 1024;

    private final Reader in;
    private final ObjectMapper json = MessageCheck.strictJson();
    private final StringBuilder text = new StringBuilder();
    private long line;
    private boolean tooLong;
    private boolean ended;
    private @Nullable FileRecord next;

    JsonLines(Reader in) {
        this.in = in;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            next = read();
        }
        return next != null;
    }

    @Override
    public FileRecord next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        FileRecord found = next;
        next = null;
        return found;
    }

    private @Nullable FileRecord read() {
        try {
            readLine();
        } catch (IOException e) {
            throw new Unreadable("line " + (line + 1) + ": the file cannot be read: " + e.getMessage(), e);
        }
        if (tooLong) {
            return FileRecord.unreadable(
                    line, text.substring(0, SHOWN), "the line is longer than " + LONGEST + " characters");
        }
        String raw = text.toString();
        return raw.isBlank() ? null : parse(raw);
    }

    private FileRecord parse(String raw) {
        if (raw.indexOf('\ufffd') >= 0) {
            return FileRecord.unreadable(line, raw, "holds bytes that are no UTF-8");
        }
        try {
            return FileRecord.of(line, raw, json.readTree(raw));
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
            return FileRecord.unreadable(line, raw, "is no JSON (column " + column + ")");
        }
    }

    private void readLine() throws IOException {
        text.setLength(0);
        tooLong = false;
        line++;
        int c = in.read();
        while (c >= 0 && c != '\n') {
            if (text.length() < LONGEST) {
                text.append((char) c);
            } else {
                tooLong = true;
            }
            c = in.read();
        }
        ended = c < 0;
        if (!text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
            text.setLength(text.length() - 1);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
