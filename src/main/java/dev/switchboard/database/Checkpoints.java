package dev.switchboard.database;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is in SQLite's log into its file, on a thread of its own, so that commits do not wait for it. Only someone who writes can begin the log anew: where there is no pause in which this one has caught up, the writer brings
 * over the little that is left, once in {@link #MOST_IN_LOG} pages.
 */
public final class Checkpoints implements AutoCloseable {

    /** Pages. */
    public static final int MOST_IN_LOG = 8_000;

    /** Pages in the log below which nothing is done. */
    public static final int AT_ONCE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final long MILLIS_AFTER = 20;

    private final Database database;
    private final Semaphore written = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "store-checkpoints");

    public Checkpoints(Database database) {
        this.database = database;
        thread.start();
    }

    /** Something is in the log. */
    public void committed() {
        if (written.availablePermits() == 0) {
            written.release();
        }
    }

    private void run() {
        try {
            written.acquire();
            while (!closed.await(MILLIS_AFTER, TimeUnit.MILLISECONDS)) {
                written.drainPermits();
                if (closed.getCount() > 0) { // else the permit that was drained is the one that ends this
                    checkpoint();
                    written.acquire();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkpoint() {
        try {
            if (database.read(sql -> left(sql, "noop")) >= AT_ONCE) {
                database.read(sql -> left(sql, "passive"));
            }
        } catch (RuntimeException e) {
            LOG.debug("A checkpoint failed; the writer, which will meet the same trouble, says so.", e);
        }
    }

    /** Returns how many pages of the log are not in the file. */
    private static long left(Sql sql, String how) {
        return sql.first("pragma wal_checkpoint(" + how + ")", row -> {
                    row.count();
                    long inLog = row.count();
                    return inLog - row.count();
                })
                .orElse(0L);
    }

    @Override
    public void close() {
        closed.countDown();
        written.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
