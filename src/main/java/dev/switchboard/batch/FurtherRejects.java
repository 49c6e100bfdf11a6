package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Batch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The invalid records of a file beyond those that the store keeps, in a hidden file among the results until these are written.
 * After a kill the last ones are written again, and the line that was being written may be cut off: each record counts once.
 *
 * @param file one JSON object a line
 */
record FurtherRejects(Path file) {

    static FurtherRejects of(Path results, String batch) {
        return new FurtherRejects(results.resolve("." + batch + ".rejected"));
    }

    /**
     * Adds records; they are on the disk when this returns.
     *
     * @throws Refused (503) when the disk does not take them
     */
    void add(List<Batch.Row> rows) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            boolean fresh = out.size() == 0;
            ByteBuffer bytes = ByteBuffer.wrap(lines(rows));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
            if (fresh) {
                Uploads.force(file.resolveSibling(""), StandardOpenOption.READ);
            }
        } catch (IOException e) {
            throw Uploads.notTaken(e);
        }
    }

    /** Begins with an empty line: one that was cut off ends there. */
    private static byte[] lines(List<Batch.Row> rows) throws JsonProcessingException {
        var lines = new StringBuilder("\n");
        for (Batch.Row row : rows) {
            lines.append(Json.MAPPER.writeValueAsString(row)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Goes through the records, line by line. */
    void each(Consumer<Batch.Row> use) throws IOException {
        long last = 0;
        try (var in = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Batch.Row row = read(line);
                if (row != null && row.line() > last) {
                    last = row.line();
                    use.accept(row);
                }
            }
        }
    }

    private static Batch.@Nullable Row read(String line) {
        try {
            return line.isEmpty() ? null : Json.MAPPER.readValue(line, Batch.Row.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
