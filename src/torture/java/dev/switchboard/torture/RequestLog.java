package dev.switchboard.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The vendor's own log of requests, a line each, in the order in which they came. */
final class RequestLog implements AutoCloseable {

    private final Path path;
    private final Writer file;

    RequestLog(Path path) throws IOException {
        this.path = path;
        this.file = Files.newBufferedWriter(path);
    }

    synchronized void add(Seen seen) {
        try {
            file.write(seen.line() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Seen> read() throws IOException {
        file.flush();
        try (Stream<String> lines = Files.lines(path)) {
            return lines.map(Seen::of).toList();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
