package dev.switchboard.records;

import dev.switchboard.charset.Encoding;
import dev.switchboard.message.Visible;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file, with one record in memory at a time. Of a record that is longer than the limit only the beginning is
 * kept. Readers move {@link #at} over the {@link #buffer} up to {@link #end}, and ask {@link #more} when they are there.
 */
final class Bytes implements Closeable {

    private static final int CHUNK = 1 << 16;
    private static final int SHOWN = 1024;

    byte[] buffer = new byte[2 * CHUNK];
    int at;
    int end;

    private final InputStream in;
    private final int limit;
    private final Encoding encoding;
    private int start;
    private long base;
    private byte @Nullable [] head;
    private boolean ended;
    private @Nullable IOException failure;
    private long line = 1;
    private long lineStart;
    private long startOffset;
    private long startLine = 1;
    private long startColumn = 1;

    Bytes(InputStream in, int limit, Encoding encoding, int offset) {
        this.in = in;
        this.limit = limit;
        this.encoding = encoding;
        this.base = offset;
        this.lineStart = offset;
        this.startOffset = offset;
    }

    /** Returns whether there is a byte at {@link #at}; reads on if need be. */
    boolean more() throws IOException {
        boolean come = at < end || fill();
        if (!come && failure != null) {
            throw failure;
        }
        return come;
    }

    /** Returns the byte at {@link #at}, or -1 at the end of the file. */
    int peek() throws IOException {
        return more() ? buffer[at] & 0xff : -1;
    }

    /** Reads on until so many bytes are in memory, or the file has no more. */
    void ahead(int bytes) {
        boolean more = true;
        while (more && end - at < bytes) {
            more = fill();
        }
    }

    /** Returns the code point of the character at {@link #at}. */
    String character() {
        String shown = encoding.shown(buffer, at, Math.min(end, at + 4));
        return Visible.codePoint(shown.codePointAt(0));
    }

    private boolean fill() {
        if (ended) {
            return false;
        }
        if (at == end && at - start > limit) {
            drop();
        }
        makeRoom();
        try {
            int read = in.read(buffer, end, buffer.length - end);
            ended = read < 0;
            end += Math.max(read, 0);
        } catch (IOException e) {
            ended = true;
            failure = e;
        }
        return !ended;
    }

    private void drop() {
        if (head == null) {
            head = Arrays.copyOfRange(buffer, start, start + Math.min(SHOWN, at - start));
        }
        base += end;
        start = 0;
        at = 0;
        end = 0;
    }

    private void makeRoom() {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        base += start;
        at -= start;
        end -= start;
        start = 0;
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
    }

    /** Begins a record at {@link #at}. */
    void begin() {
        startColumn = column();
        startLine = line;
        start = at;
        startOffset = base + at;
        head = null;
    }

    /** Says that the byte before {@link #at} ended a line. */
    void newLine() {
        line++;
        lineStart = base + at;
    }

    long line() {
        return line;
    }

    long startLine() {
        return startLine;
    }

    /** Returns the column of the byte at {@link #at}, from 1; counts bytes of what is in memory no more. */
    long column() {
        long known = lineStart > startOffset ? lineStart : startOffset;
        long before = lineStart > startOffset ? 1 : startColumn;
        long lost = Math.max(0, base + start - known);
        int from = (int) (Math.max(known, base + start) - base);
        return before + lost + encoding.count(buffer, from, at);
    }

    /** Returns where the record begins in the {@link #buffer}. */
    int start() {
        return start;
    }

    /** Returns how many bytes the record has up to {@link #at}. */
    long length() {
        return base + at - startOffset;
    }

    boolean tooLong() {
        return length() > limit;
    }

    FileRecord.Origin origin(long length) {
        return new FileRecord.Origin(startLine, startColumn, startOffset, length, encoding);
    }

    /** Makes the record of what is too long to be one. */
    FileRecord refused(long length) {
        byte[] shown = head == null ? Arrays.copyOfRange(buffer, start, start + (int) Math.min(SHOWN, length)) : head;
        return FileRecord.unreadable(
                origin(length),
                shown,
                PlacedFault.of(
                        new Place(startLine, startColumn), "length", "the record is longer than " + limit + " bytes"));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
