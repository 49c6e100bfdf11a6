package dev.switchboard.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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

    /** Returns when all is finished, or when the limit is over, and what is wrong then. */
    List<String> await() {
        try {
            Awaitility.await("the end of all messages")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(this::idle);
            return List.of();
        } catch (ConditionTimeoutException e) {
            return List.of("the bus did not come to rest within " + LIMIT);
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
            return files.noneMatch(file -> file.getFileName().toString().endsWith(".jsonl"));
        }
    }
}
