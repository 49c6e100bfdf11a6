package dev.switchboard.batch;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;

/** The records of a file, one after the other; never more than one of them is in memory. */
interface Records extends Iterator<FileRecord>, Closeable {

    /** A file that cannot be read to its end, for a reason that people can mend. */
    final class Unreadable extends RuntimeException {
        Unreadable(String reason) {
            super(reason);
        }

        Unreadable(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /**
     * Opens a file by the ending of its name.
     *
     * @throws Unreadable when the name has no ending that is known, or the file cannot be opened
     */
    static Records open(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
                return new JsonLines(reader(file));
            }
            if (name.endsWith(".csv")) {
                return new Csv(reader(file));
            }
        } catch (IOException e) {
            throw new Unreadable("the file cannot be read: " + e.getMessage(), e);
        }
        throw new Unreadable("the name must end in .jsonl, .ndjson or .csv");
    }

    private static Reader reader(Path file) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        return new WithoutMark(new InputStreamReader(Files.newInputStream(file), decoder));
    }

    /** Leaves out a byte order mark at the beginning. */
    final class WithoutMark extends PushbackReader {
        private static final int MARK = '\ufeff';

        WithoutMark(Reader in) throws IOException {
            super(new BufferedReader(in, 1 << 16));
            int first = read();
            if (first >= 0 && first != MARK) {
                unread(first);
            }
        }
    }
}
