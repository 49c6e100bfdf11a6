package dev.switchboard.message;

import java.util.regex.Pattern;

/** A cell of a CSV file that people open in a spreadsheet. */
public final class Cell {

    /** The byte order mark, by which a spreadsheet recognises UTF-8; without it Excel shows Hangul and Polish as other letters. */
    public static final char BYTE_ORDER_MARK = '\ufeff';

    /** The beginning of a formula, in wide letters too, and after blanks and invisible characters. */
    private static final Pattern FORMULA =
            Pattern.compile("[\\p{Z}\\p{C}]*[=+@\uff1d\uff0b\uff20\uff0d-].*|[\\t\\r\\n].*", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("-\\d+([.,]\\d+)?");

    private Cell() {}

    /** Returns a text that no spreadsheet takes for a formula: an apostrophe precedes what would be one. */
    public static String of(String text) {
        boolean formula =
                FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
        return formula ? "'" + text : text;
    }
}
