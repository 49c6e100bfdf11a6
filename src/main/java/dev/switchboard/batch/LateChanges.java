package dev.switchboard.batch;

import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches files for a while after they have been read: a sender that had only paused goes on writing in {@code done/}. */
final class LateChanges {

    private static final Logger LOG = LoggerFactory.getLogger(LateChanges.class);
    private static final Duration WATCHED = Duration.ofMinutes(10);
    private static final int MOST = 1_000;

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final Store store;
    private final Folders folders;
    private final Map<Path, Watched> files = new LinkedHashMap<>();

    private long looked = System.nanoTime();

    private record Watched(String batch, Taken taken, long until) {}

    LateChanges(Store store, Folders folders) {
        this.store = store;
        this.folders = folders;
    }

    synchronized void add(Path file, String batch, Taken taken) {
        files.put(file, new Watched(batch, taken, System.nanoTime() + WATCHED.toNanos()));
        if (files.size() > MOST) {
            files.remove(files.keySet().iterator().next());
        }
    }

    /** Stops the batches of files that have changed; looks once a second, however often it is called. */
    synchronized void look() {
        long now = System.nanoTime();
        if (now - looked < BETWEEN.toNanos()) {
            return;
        }
        looked = now;
        files.values().removeIf(each -> now - each.until > 0);
        if (!folders.putsAway()) {
            return; // a folder that is away says nothing of its files
        }
        for (Map.Entry<Path, Watched> each : Map.copyOf(files).entrySet()) {
            each.getValue().taken.change(each.getKey()).ifPresent(why -> stop(each.getKey(), each.getValue(), why));
        }
    }

    /** While the store refuses, the next look tries again. */
    private void stop(Path file, Watched watched, String why) {
        try {
            Store.written(store.batches().stop(watched.batch, why));
            files.remove(file);
            folders.move(file, "failed", String.valueOf(file.getFileName()), watched.batch);
        } catch (Refused e) {
            LOG.debug("Batch {} is stopped later: {}", watched.batch, e.getMessage());
        } catch (UncheckedIOException e) {
            LOG.warn("Batch {} was stopped, but its file stays in done/: {}", watched.batch, e.getMessage());
        }
    }
}
