package dev.switchboard.records;

import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares the number in a file's last record with the records before it: a file that was cut off has no such record. */
final class Trailer implements Records {

    private final Records records;
    private final Pattern form;
    private @Nullable FileRecord held;
    private @Nullable Unreadable broken;
    private boolean last;
    private long count;

    Trailer(Records records, Pattern form) {
        this.records = records;
        this.form = form;
        this.held = records.hasNext() ? records.next() : null;
        look();
    }

    private void look() {
        try {
            last = !records.hasNext();
        } catch (Unreadable e) {
            broken = e;
        }
    }

    @Override
    public Layout layout() {
        return records.layout();
    }

    @Override
    public Place place(FileRecord record, String field) {
        return records.place(record, field);
    }

    @Override
    public boolean hasNext() {
        if (held == null && broken != null) {
            throw broken;
        }
        if (last) {
            check();
        }
        return !last;
    }

    private void check() {
        if (held == null) {
            throw new Unreadable(1, "the file is empty; a trailer was expected (" + form + ")");
        }
        Matcher trailer = form.matcher(held.raw().strip());
        if (!trailer.matches()) {
            throw new Unreadable(
                    held.line(), "the last record is not a trailer (" + form + "): the file may be cut off");
        }
        if (!trailer.group(1).strip().replaceFirst("^0+(?=.)", "").equals(Long.toString(count))) {
            throw new Unreadable(
                    held.line(), "the trailer says " + trailer.group(1) + " records, the file has " + count);
        }
    }

    @Override
    public FileRecord next() {
        if (!hasNext() || held == null) {
            throw new NoSuchElementException();
        }
        FileRecord found = held;
        count++;
        held = broken == null ? records.next() : null;
        if (held != null) {
            look();
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
