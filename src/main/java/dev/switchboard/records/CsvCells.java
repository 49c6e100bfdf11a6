package dev.switchboard.records;

import dev.switchboard.charset.Encoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the cells of one record in its bytes. */
final class CsvCells {

    private static final int FEW = 32;
    private static final int LONGEST_CHARACTER = 4;

    private final Bytes in;
    private final byte delimiter;
    private int[] from = new int[FEW];
    private int[] to = new int[FEW];
    private boolean[] doubled = new boolean[FEW];
    private int count;

    CsvCells(Bytes in, byte delimiter) {
        this.in = in;
        this.delimiter = delimiter;
    }

    int count() {
        return count;
    }

    /** Returns how many bytes the record has, without the end of its line. */
    int length() {
        return (int) in.length();
    }

    /** Returns where a cell begins, or the end of the record if it has no such cell. */
    int placeOf(int cell, int length) {
        return cell < count ? Math.max(0, from[cell] - 1) : length;
    }

    /** Returns where the text of a cell begins. */
    int begin(int cell) {
        return from[cell];
    }

    /** Reads a record up to the end of its line. */
    void read() throws IOException {
        count = 0;
        cell();
        while (in.peek() == delimiter) {
            in.at++;
            cell();
        }
    }

    private void cell() throws IOException {
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
            doubled = Arrays.copyOf(doubled, 2 * count);
        }
        doubled[count] = false;
        skipBlanks();
        if (in.peek() == '"') {
            quoted();
        } else {
            from[count] = in.at - in.start();
            plain();
            to[count] = withoutBlanks(from[count], in.at - in.start());
        }
        count += in.tooLong() ? 0 : 1;
    }

    /** Blanks around a cell are not part of it, except within its quotes. */
    private void skipBlanks() throws IOException {
        while (isBlank(in.peek())) {
            in.at++;
        }
    }

    private boolean isBlank(int c) {
        return (c == ' ' || c == '\t') && c != delimiter;
    }

    private int withoutBlanks(int begin, int end) {
        int last = end;
        while (last > begin && !in.tooLong() && isBlank(in.buffer[in.start() + last - 1])) {
            last--;
        }
        return last;
    }

    /** Returns whether all cells are empty: spreadsheets write such rows after the last one. */
    boolean empty() {
        int i = 0;
        while (i < count && from[i] == to[i]) {
            i++;
        }
        return i == count && !in.tooLong();
    }

    /** In a cell that does not begin with a quote, a quote is an ordinary character, as in all spreadsheets. */
    private void plain() throws IOException {
        while (in.more()) {
            byte[] buffer = in.buffer;
            int end = in.end;
            int i = in.at;
            while (i < end && buffer[i] != delimiter && buffer[i] != '\n' && buffer[i] != '\r') {
                i++;
            }
            in.at = i;
            if (i < end) {
                return;
            }
        }
    }

    private void quoted() throws IOException {
        in.at++;
        from[count] = in.at - in.start();
        toQuote();
        while (in.peek() == '"') {
            doubled[count] = true;
            in.at++;
            toQuote();
        }
        to[count] = in.at - 1 - in.start();
        skipBlanks();
        int next = in.peek();
        if (next >= 0 && next != delimiter && next != '\n' && next != '\r') {
            in.ahead(LONGEST_CHARACTER);
            throw broken(
                    in.character() + " is between a closing quote and the end of its cell, so a quote is missing or"
                            + " too many in the record that begins on line " + in.startLine());
        }
    }

    private void toQuote() throws IOException {
        while (in.more()) {
            byte[] buffer = in.buffer;
            int end = in.end;
            int i = in.at;
            while (i < end && buffer[i] != '"' && buffer[i] != '\n') {
                i++;
            }
            in.at = i;
            if (i < end) {
                in.at++;
                if (buffer[i] == '"') {
                    return;
                }
                in.newLine();
            }
        }
        throw new Records.Unreadable(
                in.startLine(), "a quote in the record that begins here is never closed: the file ends within it");
    }

    private Records.Unreadable broken(String reason) {
        return new Records.Unreadable(in.line(), in.column(), reason);
    }

    List<String> texts(byte[] bytes, Encoding encoding) {
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            String text = from[i] == to[i] ? "" : encoding.text(bytes, from[i], to[i]);
            texts.add(value(doubled[i] ? text.replace("\"\"", "\"") : text));
        }
        return texts;
    }

    /** Spreadsheets keep the zeros of a number by a formula, {@code ="00123"}. */
    private static String value(String cell) {
        boolean formula = cell.length() > 2 && cell.startsWith("=\"") && cell.indexOf('"', 2) == cell.length() - 1;
        return formula ? cell.substring(2, cell.length() - 1) : cell;
    }
}
