package dev.switchboard.operate;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Decodes a segment of a path: rest-openapi passes parameters of the path on as they were on the wire. */
final class PathSegment {

    private PathSegment() {}

    /** Returns the text that a segment means; one that is not percent-encoded well stays as it is. */
    static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
