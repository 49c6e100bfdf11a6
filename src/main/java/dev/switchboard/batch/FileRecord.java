package dev.switchboard.batch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One record of a file.
 *
 * @param line the line it begins on, from 1
 * @param raw the record as it came, as far as it is kept
 * @param json what it holds; null where it cannot be read
 * @param fault why it cannot be read
 */
record FileRecord(
        long line,
        String raw,
        @Nullable JsonNode json,
        @Nullable String fault) {

    static FileRecord of(long line, String raw, JsonNode json) {
        return new FileRecord(line, raw, json, null);
    }

    static FileRecord unreadable(long line, String raw, String fault) {
        return new FileRecord(line, raw, null, fault);
    }
}
