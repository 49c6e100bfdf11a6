package dev.switchboard.records;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180) with a header row of field names in any order; {@code labels.<name>} is a label. Commas, semicolons, tabs and
 * pipes are told apart by the header, or a line {@code sep=;} before it names any other. A broken quote stops the file: after it, the ends of records are not known, and a
 * line within someone's text must never become a message of its own.
 */
final class Csv extends Reading {

    private static final int LONGEST_HEADER = 64 * 1024;
    private static final int SEP_LINE = 256;
    private static final byte[] DELIMITERS = {';', '\t', '|'};

    /** A file that was saved again as CSV may have quotes around it, and the delimiters of empty cells after it. */
    private static final Pattern SEP =
            Pattern.compile("\"?sep=([^\"\\r\\n])[\",;\\t| ]*(\r\n|\n|\r)", Pattern.CASE_INSENSITIVE);

    private final CsvCells cells;
    private final CsvHeader header;
    private final Layout layout;

    Csv(Text text, Profile profile) throws IOException {
        super(text);
        in.ahead(LONGEST_HEADER);
        String named = namedDelimiter();
        byte delimiter = named.isEmpty() ? delimiter() : (byte) named.charAt("sep=".length());
        this.cells = new CsvCells(in, delimiter);
        boolean found = record();
        if (found && in.tooLong()) {
            throw new Unreadable(in.startLine(), "the header is too long: is this CSV?");
        }
        byte[] bytes = found ? copy(cells.length()) : new byte[0];
        int fault = encoding.fault(bytes, 0, bytes.length);
        if (fault >= 0) {
            Place at = in.origin(bytes.length).place(bytes, fault);
            throw new Unreadable(
                    at.line(), at.column(), "the header " + FileRecord.malformation(encoding, bytes[fault]));
        }
        this.header = new CsvHeader(found ? cells.texts(bytes, encoding) : List.of(), in.startLine(), profile);
        this.layout = new Layout(
                Format.CSV,
                encoding,
                text.mark(),
                named + encoding.text(bytes, 0, bytes.length),
                (char) delimiter,
                found ? skipLineEnd() : "\r\n");
    }

    private byte delimiter() {
        var counts = new int[128];
        boolean quoted = false;
        for (int i = in.at; i < in.end && (quoted || !ends(in.buffer[i], counts)); i++) {
            byte c = in.buffer[i];
            quoted ^= c == '"';
            counts[Math.max(0, c)] += quoted ? 0 : 1;
        }
        byte best = ',';
        for (byte each : DELIMITERS) {
            best = counts[each] > counts[best] ? each : best;
        }
        return best;
    }

    /** Empty lines before the header are no header. */
    private static boolean ends(byte c, int[] counts) {
        boolean none = true;
        for (byte each : DELIMITERS) {
            none &= counts[each] == 0;
        }
        return (c == '\n' || c == '\r') && !none;
    }

    /** Skips the line in which spreadsheets name the delimiter, and returns it with its end, such as {@code sep=;}; else nothing. */
    private String namedDelimiter() {
        int seen = Math.min(SEP_LINE, in.end - in.at);
        Matcher line = SEP.matcher(new String(in.buffer, in.at, seen, StandardCharsets.ISO_8859_1));
        if (!line.lookingAt()) {
            return "";
        }
        in.at += line.end();
        in.newLine();
        return "sep=" + line.group(1) + line.group(2);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public Place place(FileRecord record, String field) {
        int cell = header.cell(field);
        return record.place(cell < 0 ? 0 : begin(cell, record.bytes()));
    }

    private int begin(int cell, byte[] bytes) {
        var again = new CsvCells(
                new Bytes(new ByteArrayInputStream(bytes), bytes.length, encoding, 0), (byte) layout.delimiter());
        try {
            again.read();
        } catch (IOException e) {
            throw new UncheckedIOException("a record that has been read cannot be read again", e);
        }
        return again.begin(cell);
    }

    /** Goes to the next record, past empty lines; returns whether there is one. */
    private boolean record() throws IOException {
        boolean empty = true;
        while (empty && in.more()) {
            in.begin();
            cells.read();
            empty = cells.empty();
            if (empty) {
                skipLineEnd();
            }
        }
        return !empty;
    }

    @Override
    @Nullable
    FileRecord read() throws IOException {
        if (!record()) {
            return null;
        }
        FileRecord found = in.tooLong() ? in.refused(in.length()) : record(copy(cells.length()));
        skipLineEnd();
        return found;
    }

    private FileRecord record(byte[] bytes) {
        FileRecord.Origin origin = in.origin(bytes.length);
        int fault = encoding.fault(bytes, 0, bytes.length);
        if (fault >= 0) {
            return FileRecord.malformed(origin, bytes, fault);
        }
        if (cells.count() != header.size()) {
            return FileRecord.unreadable(
                    origin,
                    bytes,
                    PlacedFault.of(
                            origin.place(bytes, cells.placeOf(header.size(), bytes.length)),
                            "cells",
                            "the record has " + cells.count() + " cells, the header has " + header.size()));
        }
        List<String> texts = cells.texts(bytes, encoding);
        if (header.isRepeatedBy(texts)) {
            return FileRecord.unreadable(
                    origin,
                    bytes,
                    PlacedFault.of(origin.place(bytes, 0), "header", "this is the header again: remove this line"));
        }
        int odd = header.misleading(texts);
        if (odd < 0) {
            return FileRecord.of(origin, bytes, header.message(texts));
        }
        Place place = origin.place(bytes, cells.begin(odd));
        return FileRecord.unreadable(
                origin, bytes, PlacedFault.of(place, "characters", header.misled(odd, texts.get(odd))));
    }
}
