package dev.switchboard.vendor;

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
        return headerLines.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim())
                .reduce((a, b) -> a + ", " + b);
    }
}
