package dev.switchboard.database;

import dev.switchboard.message.Refused;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room for further messages. What comes in is refused before the disk is full, so that the outcomes of what
 * was accepted still find a place.
 */
public final class DiskQuota {

    private static final Logger LOG = LoggerFactory.getLogger(DiskQuota.class);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);
    private static final long KEPT_FREE = 256L << 20;
    private static final int SHARE_KEPT_FREE = 20;
    private static final int RETRY_AFTER_SECONDS = 30;

    private final Database database;
    private final @Nullable Path folder;
    private final AtomicLong looked = new AtomicLong(System.nanoTime() - LOOK_AGAIN);
    private volatile long most = Long.MAX_VALUE;
    private volatile @Nullable String full;

    private DiskQuota(Database database, @Nullable Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /** Looks at the store of an address; the disk of a database server is its own affair. */
    public static DiskQuota of(String url, Database database) {
        boolean embedded = url.startsWith(SqliteFile.ADDRESS);
        return new DiskQuota(
                database, embedded ? SqliteFile.of(url).toAbsolutePath().getParent() : null);
    }

    /** Says how many bytes the messages may take. */
    public void limit(long bytes) {
        most = bytes;
        looked.addAndGet(-LOOK_AGAIN);
    }

    /** Returns why nothing is taken in for now. Looks at most once a second. */
    public Optional<Refused> refusal() {
        long before = looked.get();
        long now = System.nanoTime();
        if (now - before >= LOOK_AGAIN && looked.compareAndSet(before, now)) {
            String was = full;
            full = look();
            tell(was, full);
        }
        return Optional.ofNullable(full).map(why -> Refused.forNow(why, RETRY_AFTER_SECONDS));
    }

    /** Takes something in, where there is room for it. */
    public <T> CompletableFuture<T> takeIn(Supplier<CompletableFuture<T>> intake) {
        return refusal()
                .<CompletableFuture<T>>map(CompletableFuture::failedFuture)
                .orElseGet(intake);
    }

    private static void tell(@Nullable String was, @Nullable String is) {
        if (was == null && is != null) {
            LOG.warn("Messages are refused: {}", is);
        } else if (was != null && is == null) {
            LOG.info("Messages are accepted again.");
        }
    }

    private @Nullable String look() {
        try {
            if (most < Long.MAX_VALUE && database.read(this::size) > most) {
                return "The store is as large as switchboard.store.max-size allows.";
            }
            return folder == null || hasFree(folder) ? null : "The store's disk is nearly full.";
        } catch (RuntimeException | IOException e) {
            LOG.debug("The size of the store is not known for now", e);
            return null;
        }
    }

    private static boolean hasFree(Path folder) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        return disk.getUsableSpace() >= Math.min(KEPT_FREE, disk.getTotalSpace() / SHARE_KEPT_FREE);
    }

    /** What erased messages left free within SQLite's file is used again, and is ignored. */
    private long size(Sql sql) {
        String query = folder == null
                ? "select pg_database_size(current_database())"
                : "select (c.page_count - f.freelist_count) * s.page_size"
                        + " from pragma_page_count() c, pragma_freelist_count() f, pragma_page_size() s";
        return sql.number(query);
    }
}
