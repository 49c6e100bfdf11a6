package dev.switchboard.message;

import java.util.Locale;
import java.util.stream.Collectors;

/** Makes foreign texts safe for log lines and reasons: no character of them ends a line, moves a cursor or stays unseen. */
public final class Visible {

    private Visible() {}

    /** Returns a text in which each character that cannot be seen is its code point, as in {@code <U+00A0>}. */
    public static String of(String text) {
        return text.codePoints()
                .mapToObj(c -> isInvisible(c) ? codePoint(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** Returns whether a character is invisible to a person; an ordinary blank is not. */
    public static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            case Character.SPACE_SEPARATOR -> character != ' ';
            default -> character == 0x115f || character == 0x1160 || character == 0x3164 || character == 0xffa0;
        };
    }

    /** Returns the code point in the form that character tables use. */
    public static String codePoint(int character) {
        return String.format(Locale.ROOT, "<U+%04X>", character);
    }
}
