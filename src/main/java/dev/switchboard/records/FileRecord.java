package dev.switchboard.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.charset.Encoding;
import org.jspecify.annotations.Nullable;

/** One record of a file: its content, or why it cannot be read, and its unchanged bytes. */
public final class FileRecord {

    private final Origin origin;
    private final long number;
    private final byte[] bytes;
    private final @Nullable JsonNode json;
    private final @Nullable PlacedFault fault;

    /**
     * The place of a record.
     *
     * @param line the line it begins on, from 1
     * @param column the character of that line it begins with, from 1
     * @param offset how many bytes of the unpacked file are before it
     * @param length how many bytes it has, without the end of the line
     * @param encoding its character set
     */
    record Origin(long line, long column, long offset, long length, Encoding encoding) {

        /** Says where one of its bytes is. */
        Place place(byte[] bytes, int index) {
            int begin = 0;
            long lines = line;
            for (int i = 0; i < index; i++) {
                if (bytes[i] == '\n') {
                    lines++;
                    begin = i + 1;
                }
            }
            long characters = encoding.count(bytes, begin, index) + (begin == 0 ? column : 1);
            return new Place(lines, characters);
        }
    }

    private FileRecord(Origin origin, long number, byte[] bytes, @Nullable JsonNode json, @Nullable PlacedFault fault) {
        this.origin = origin;
        this.number = number;
        this.bytes = bytes;
        this.json = json;
        this.fault = fault;
    }

    static FileRecord of(Origin origin, byte[] bytes, JsonNode json) {
        return new FileRecord(origin, origin.line(), bytes, json, null);
    }

    static FileRecord unreadable(Origin origin, byte[] bytes, PlacedFault fault) {
        return new FileRecord(origin, origin.line(), bytes, null, fault);
    }

    /** Makes the record that holds a byte which is no character. */
    static FileRecord malformed(Origin origin, byte[] bytes, int at) {
        String what = malformation(origin.encoding(), bytes[at]);
        return unreadable(origin, bytes, PlacedFault.of(origin.place(bytes, at), "characters", what));
    }

    /** Says in words what is wrong with a byte that is no character. */
    static String malformation(Encoding encoding, byte octet) {
        String half = octet == (byte) 0xff ? "; in UTF-16, half of a character" : "";
        return octet == 0
                ? "holds a NUL byte"
                : "holds bytes that are no " + encoding.title() + " (" + Encoding.hex(octet) + half
                        + "), as which the file is read; switchboard.files.charset can name another character set";
    }

    /** Returns the line it begins on, from 1. */
    public long line() {
        return origin.line();
    }

    /** Returns a number that is unique in the file: the line, or, as a line of a JSON array may have several records, the place in the array from 1. */
    public long number() {
        return number;
    }

    /** Returns this record with its number among the elements of an array. */
    FileRecord numbered(long place) {
        return new FileRecord(origin, place, bytes, json, fault);
    }

    /** Returns how many bytes of the unpacked file are before it. */
    public long offset() {
        return origin.offset();
    }

    /** Returns how many bytes it has in the file, without the end of its line. */
    public long length() {
        return origin.length();
    }

    /** Returns the record's unchanged bytes, without the end of its line; of one that is too long, the first. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns whether {@link #bytes} are all of it. */
    public boolean whole() {
        return bytes.length == origin.length();
    }

    /** Returns the record as text, to show it: a byte that is no character is written {@code \xEC}. */
    public String raw() {
        return origin.encoding().shown(bytes, 0, bytes.length);
    }

    /** Returns what it holds; null where it cannot be read. */
    @Nullable
    public JsonNode json() {
        return json;
    }

    /** Returns why it cannot be read, with line and column. */
    @Nullable
    public PlacedFault fault() {
        return fault;
    }

    /** Says where one of its bytes is. */
    Place place(int index) {
        return origin.place(bytes, index);
    }
}
