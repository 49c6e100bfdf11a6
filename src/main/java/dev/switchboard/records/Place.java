package dev.switchboard.records;

/**
 * A place in a file.
 *
 * @param line from 1; 0 where the file as a whole is meant
 * @param column the character of the line, from 1; 0 where the line as a whole is meant
 */
public record Place(long line, long column) {

    static final Place WHOLE_FILE = new Place(0, 0);

    /** Returns the place as it stands before what is wrong there. */
    String prefix() {
        return line == 0 ? "" : "line " + line + (column == 0 ? "" : ", column " + column) + ": ";
    }
}
