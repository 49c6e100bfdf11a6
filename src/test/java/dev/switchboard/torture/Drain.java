package dev.switchboard.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits until nothing is left to do. */
final class Drain {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Site site;
    private final Ledger ledger;

    Drain(Site site, Ledger ledger) {
        this.site = site;
        this.ledger = ledger;
    }

    /** Returns when all is finished, or when the limit is over: the comparison finds what is not. */
    void await() {
        try {
            Awaitility.await("the end of all messages")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(this::idle);
        } catch (ConditionTimeoutException e) {
            return;
        }
    }

    private boolean idle() throws SQLException, IOException {
        return empty("inbox")
                && empty("working")
                && site.reader().messageCount() >= ledger.size()
                && site.reader().unfinished() == 0;
    }

    private boolean empty(String folder) throws IOException {
        Path path = site.files(folder);
        if (!Files.isDirectory(path)) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.noneMatch(file -> !file.getFileName().toString().endsWith(".part"));
        }
    }
}
