package dev.switchboard.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the senders know to be accepted, in the order in which they heard it; kept in a file as well, for people. */
final class Ledger implements AutoCloseable {

    private final Writer file;
    private final List<Sent> accepted = new ArrayList<>();

    Ledger(Path path) throws IOException {
        this.file = Files.newBufferedWriter(path);
    }

    synchronized void accepted(Sent message) {
        accepted.add(message);
        try {
            file.write(System.currentTimeMillis() + " " + message.intake() + " " + message.id() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Sent> all() {
        return List.copyOf(accepted);
    }

    synchronized int size() {
        return accepted.size();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
