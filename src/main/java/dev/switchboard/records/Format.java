package dev.switchboard.records;

import java.nio.file.Path;
import java.util.Locale;

/** How the records of a file are written, by the ending of its name. */
public enum Format {
    JSON_LINES,
    JSON_ARRAY,
    CSV;

    private static final String PACKED = ".gz";

    /**
     * Finds the format of a file.
     *
     * @throws Records.Unreadable when the name has no ending that is known
     */
    public static Format of(Path file) {
        return of(String.valueOf(file.getFileName()));
    }

    static Format of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        String ending = name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
        if (ending.endsWith(".jsonl") || ending.endsWith(".ndjson")) {
            return JSON_LINES;
        }
        if (ending.endsWith(".json")) {
            return JSON_ARRAY;
        }
        if (ending.endsWith(".csv")) {
            return CSV;
        }
        throw new Records.Unreadable(
                "the name must end in .jsonl, .ndjson, .json or .csv, each also with .gz behind it");
    }

    public static boolean isPacked(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(PACKED);
    }
}
