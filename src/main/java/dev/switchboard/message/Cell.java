package dev.switchboard.message;

/** A cell of a CSV file that people open in a spreadsheet. */
public final class Cell {

    private static final String FORMULAS = "=+-@\t\r";

    private Cell() {}

    /** Returns a text so that a spreadsheet takes it for text: what would be a formula begins with an apostrophe. */
    public static String of(String text) {
        return !text.isEmpty() && FORMULAS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
