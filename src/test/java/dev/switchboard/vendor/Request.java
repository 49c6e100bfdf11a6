package dev.switchboard.vendor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it was on the wire.
 *
 * @param method the method
 * @param path path and query as they came, percent-encoding and all
 * @param headerLines {@code Name: value}, as they came
 * @param body the body, read as UTF-8 and without the marks of a chunked one
 * @param nanoTime when it had been read
 */
public record Request(String method, String path, List<String> headerLines, String body, long nanoTime) {

    static Request read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", -1);
        List<String> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.add(line);
        }
        var head = new Request(start[0], start[1], List.copyOf(headers), "", 0);
        return new Request(
                head.method,
                head.path,
                head.headerLines,
                new String(head.readBody(in), StandardCharsets.UTF_8),
                System.nanoTime());
    }

    private byte[] readBody(InputStream in) throws IOException {
        if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return chunks(in);
        }
        return exactly(in, header("Content-Length").map(Integer::parseInt).orElse(0));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(exactly(in, size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0].trim(), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Returns the headers by their names, which are compared without case; values of several lines stand behind commas. */
    public Map<String, String> headers() {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headerLines.forEach(line -> {
            int colon = line.indexOf(':');
            headers.merge(line.substring(0, colon), line.substring(colon + 1).trim(), (a, b) -> a + ", " + b);
        });
        return headers;
    }

    /** Returns the value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }
}
