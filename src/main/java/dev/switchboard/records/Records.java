package dev.switchboard.records;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The records of a file, one after the other; never more than two of them are in memory. */
public interface Records extends Iterator<FileRecord>, Closeable {

    /** A file that cannot be read to its end, for a reason that people can fix. The text names line and column. */
    final class Unreadable extends RuntimeException {

        private static final String RULE = "stopped";

        private final transient PlacedFault fault;

        public Unreadable(String reason) {
            this(PlacedFault.of(Place.WHOLE_FILE, RULE, reason), null);
        }

        Unreadable(long line, String reason) {
            this(line, 0, reason);
        }

        Unreadable(long line, long column, String reason) {
            this(PlacedFault.of(new Place(line, column), RULE, reason), null);
        }

        public Unreadable(String reason, Throwable cause) {
            this(PlacedFault.of(Place.WHOLE_FILE, RULE, reason), cause);
        }

        Unreadable(long line, String reason, Throwable cause) {
            this(PlacedFault.of(new Place(line, 0), RULE, reason), cause);
        }

        private Unreadable(PlacedFault fault, @Nullable Throwable cause) {
            super(fault.toString(), cause);
            this.fault = fault;
        }

        /** Returns why, and where. */
        public PlacedFault fault() {
            return fault;
        }
    }

    /** Returns how the file is written. */
    Layout layout();

    /** Returns the place of a field of a record; the record's beginning if it has no such field. */
    Place place(FileRecord record, String field);

    /**
     * Opens a file by the ending of its name.
     *
     * @throws Unreadable when the name has no ending that is known, or the file cannot be read from its beginning
     */
    static Records open(Path file, Profile profile) {
        Format format = Format.of(file);
        try {
            Text text = Text.open(file, profile);
            try {
                Records records = read(format, text, profile);
                return profile.trailer().isPresent()
                        ? new Trailer(records, profile.trailer().get())
                        : records;
            } catch (IOException | RuntimeException e) {
                text.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new Unreadable("the bus has no permission to read the file", e);
        } catch (NoSuchFileException e) {
            throw new Unreadable("the file does not exist any more", e);
        } catch (IOException e) {
            throw new Unreadable(1, String.valueOf(e.getMessage()), e);
        }
    }

    private static Records read(Format format, Text text, Profile profile) throws IOException {
        return switch (format) {
            case JSON_LINES -> new JsonLines(text, profile);
            case JSON_ARRAY -> new JsonArray(text, profile);
            case CSV -> new Csv(text, profile);
        };
    }
}
