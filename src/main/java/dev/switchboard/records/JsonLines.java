package dev.switchboard.records;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON Lines: one JSON object a line; empty lines are left out. */
final class JsonLines extends Reading {

    private static final int FIRST_LINE = 64 * 1024;

    private final JsonRecords records;
    private final Layout layout;

    JsonLines(Text text, Profile profile) {
        super(text);
        this.records = new JsonRecords(profile, encoding);
        this.layout = new Layout(Format.JSON_LINES, encoding, text.mark(), "", ',', lineEnd(FIRST_LINE));
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public Place place(FileRecord record, String field) {
        return records.place(record, field);
    }

    @Override
    @Nullable
    FileRecord read() throws IOException {
        while (in.more()) {
            FileRecord found = line();
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable FileRecord line() throws IOException {
        in.begin();
        skipLine();
        FileRecord found = in.tooLong() ? in.refused(in.length()) : record((int) in.length());
        skipLineEnd();
        return found;
    }

    private @Nullable FileRecord record(int length) throws IOException {
        int start = in.start();
        for (int i = start; i < start + length; i++) {
            if (in.buffer[i] != ' ' && in.buffer[i] != '\t') {
                return records.record(in.origin(length), copy(length));
            }
        }
        return null;
    }
}
