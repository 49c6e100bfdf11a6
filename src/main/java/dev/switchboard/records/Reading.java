package dev.switchboard.records;

import dev.switchboard.charset.Encoding;
import java.io.IOException;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What the readers of all formats share. */
abstract class Reading implements Records {

    final Bytes in;
    final Encoding encoding;
    private @Nullable FileRecord next;
    private boolean ended;

    Reading(Text text) {
        this.in = text.bytes();
        this.encoding = text.encoding();
    }

    /** Returns the next record, or null at the end of the file. */
    abstract @Nullable FileRecord read() throws IOException;

    @Override
    public final boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = read();
                ended = next == null;
            } catch (IOException e) {
                throw new Unreadable(in.line(), String.valueOf(e.getMessage()), e);
            }
        }
        return next != null;
    }

    @Override
    public final FileRecord next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        FileRecord found = next;
        next = null;
        return found;
    }

    /** Returns a copy of the record's first bytes. */
    final byte[] copy(int length) {
        return Arrays.copyOfRange(in.buffer, in.start(), in.start() + length);
    }

    /** Skips the rest of the line. */
    final void skipLine() throws IOException {
        while (in.more()) {
            byte[] buffer = in.buffer;
            int end = in.end;
            int i = in.at;
            while (i < end && buffer[i] != '\n' && buffer[i] != '\r') {
                i++;
            }
            in.at = i;
            if (i < end) {
                return;
            }
        }
    }

    /** Skips the end of a line, as any system writes it, and returns it. */
    final String skipLineEnd() throws IOException {
        boolean carriageReturn = in.peek() == '\r';
        in.at += carriageReturn ? 1 : 0;
        boolean newLine = in.peek() == '\n';
        in.at += newLine ? 1 : 0;
        if (carriageReturn || newLine) {
            in.newLine();
        }
        return carriageReturn ? newLine ? "\r\n" : "\r" : "\n";
    }

    /** Returns the end of the first line; that of Unix if there is only one line. */
    final String lineEnd(int most) {
        in.ahead(most);
        for (int i = in.at; i < in.end; i++) {
            if (in.buffer[i] == '\r') {
                return i + 1 < in.end && in.buffer[i + 1] == '\n' ? "\r\n" : "\r";
            }
            if (in.buffer[i] == '\n') {
                return "\n";
            }
        }
        return "\n";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
