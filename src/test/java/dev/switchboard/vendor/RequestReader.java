package dev.switchboard.vendor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts requests out of what a connection brings. It has to be cheap: a benchmark has its vendor on the same machine. */
final class RequestReader {

    private final InputStream in;
    private byte[] buffer = new byte[8 * 1024];
    private int next;
    private int end;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /** Waits until something comes; returns whether anything did before the caller closed. */
    boolean comes() throws IOException {
        return next < end || fill();
    }

    /** Reads a request whole. */
    Request read() throws IOException {
        String[] start = line().split(" ", -1);
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        var head = new Request(start[0], start[1], List.copyOf(headers), "", 0);
        return new Request(
                head.method(),
                head.path(),
                head.headerLines(),
                new String(body(head), StandardCharsets.UTF_8),
                System.nanoTime());
    }

    private byte[] body(Request head) throws IOException {
        if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return chunks();
        }
        return exactly(head.header("Content-Length").map(Integer::parseInt).orElse(0));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(exactly(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].trim(), 16);
    }

    private String line() throws IOException {
        int length = 0;
        while (at(length) != '\n') {
            length++;
        }
        return new String(take(length + 1), StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private byte[] exactly(int length) throws IOException {
        if (length > 0) {
            at(length - 1);
        }
        return take(length);
    }

    private byte[] take(int length) {
        next += length;
        return Arrays.copyOfRange(buffer, next - length, next);
    }

    /** Returns a byte from here on, and waits for it where it has not come yet. */
    private byte at(int offset) throws IOException {
        while (next + offset >= end) {
            if (!fill()) {
                throw new EOFException();
            }
        }
        return buffer[next + offset];
    }

    private boolean fill() throws IOException {
        makeRoom();
        int count = in.read(buffer, end, buffer.length - end);
        end += Math.max(0, count);
        return count > 0;
    }

    private void makeRoom() {
        System.arraycopy(buffer, next, buffer, 0, end - next);
        end -= next;
        next = 0;
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * end);
        }
    }
}
