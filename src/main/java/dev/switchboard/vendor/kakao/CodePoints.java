package dev.switchboard.vendor.kakao;

import java.nio.charset.StandardCharsets;

/** Cuts texts between code points, so that no surrogate pair and no UTF-8 sequence is ever split. */
final class CodePoints {
    private CodePoints() {}

    static String first(int count, String text) {
        // A text has at least as many chars as code points: only a longer one need be counted.
        return text.length() <= count || text.codePointCount(0, text.length()) <= count
                ? text
                : text.substring(0, text.offsetByCodePoints(0, count));
    }

    /** Gives the longest beginning of the text that is at most so many bytes of UTF-8. */
    static String withinBytes(int bytes, String text) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            String next = Character.toString(text.codePointAt(end));
            used += next.getBytes(StandardCharsets.UTF_8).length;
            if (used > bytes) {
                return text.substring(0, end);
            }
            end += next.length();
        }
        return text;
    }
}
