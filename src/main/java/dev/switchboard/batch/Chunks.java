package dev.switchboard.batch;

import dev.switchboard.records.FileRecord;
import dev.switchboard.records.Records;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Gathers the records of a file into chunks that are each kept in one commit, from a checkpoint on. A file that cannot be read further just ends, and says why. */
public final class Chunks implements Iterator<Chunks.Unchecked>, Closeable {

    static final int RECORDS = 500;
    private static final int BYTES = 1 << 20;

    private final Records records;
    private final FileRun run;
    private final String idPrefix;
    private long count;

    /**
     * Some records that have not been checked yet.
     *
     * @param idPrefix what begins the ids of records that have none
     * @param checkpoint how many of the file's records have been read when these are kept
     */
    public record Unchecked(String idPrefix, long checkpoint, List<FileRecord> records) {}

    Chunks(Records records, FileRun run, String idPrefix) {
        this.records = records;
        this.run = run;
        this.idPrefix = idPrefix;
        while (count < run.records() && more()) {
            records.next();
            count++;
        }
    }

    private boolean more() {
        try {
            return !run.ended() && records.hasNext();
        } catch (Records.Unreadable e) {
            run.stop(e.fault());
            return false;
        }
    }

    @Override
    public boolean hasNext() {
        return more();
    }

    @Override
    public Unchecked next() {
        var chunk = new ArrayList<FileRecord>();
        int bytes = 0;
        while (chunk.size() < RECORDS && bytes < BYTES && more()) {
            FileRecord record = records.next();
            chunk.add(record);
            bytes += record.bytes().length;
            count++;
        }
        if (chunk.isEmpty()) {
            throw new NoSuchElementException();
        }
        return new Unchecked(idPrefix, count, chunk);
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
