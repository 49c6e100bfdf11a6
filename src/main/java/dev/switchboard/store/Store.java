package dev.switchboard.store;

import dev.switchboard.access.AccessStore;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.DiskQuota;
import dev.switchboard.database.Sql;
import dev.switchboard.database.StoreFailed;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Wakeups;
import dev.switchboard.database.Writer;
import dev.switchboard.message.Refused;
import dev.switchboard.outbox.Outbox;
import dev.switchboard.ownership.Instances;
import dev.switchboard.ownership.Owners;
import dev.switchboard.ownership.Watch;
import dev.switchboard.queue.RunningLanes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The durable home of every message and its state, and the work queue. What a future says is done is on disk.
 *
 * <p>Its futures complete on the store's own thread: what depends on them must be quick.
 */
public final class Store implements AutoCloseable {

    private final Database database;
    private final DiskQuota quota;
    private final Writer writer;
    private final Messages messages;
    private final Batches batches;
    private final Lanes lanes;
    private final Replays replays;
    private final Outbox outbox;
    private final Retention retention;
    private final AccessStore access;
    private final Owners owners;
    private final Instances instances;
    private final Watch watch;
    private final Wakeups wakeups = new Wakeups();
    private final List<StoreListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private Store(Database database, DiskQuota quota) {
        this.database = database;
        this.quota = quota;
        this.owners = new Owners(database);
        var running = new RunningLanes(owners);
        var arrivals = new Arrivals(owners, running);
        var clock = new Clock(database.read(Store::lastNumber));
        this.writer = new Writer(database, clock, new Writer.Hooks() {
            @Override
            public void connected(Sql sql) {
                int process = owners.processNumber(sql);
                clock.process(process);
                database.connected(sql, process);
                owners.connected(sql);
            }

            @Override
            public void disconnects(Sql sql) {
                owners.leave(sql);
            }

            @Override
            public void lost() {
                owners.lost();
            }

            @Override
            public long lastNumber(Sql sql) {
                return sql.number("select max(seq) from message");
            }

            @Override
            public void beforeCommit(Transaction transaction) {
                BatchCounts.write(transaction);
                Replays.write(transaction);
                owners.tellElsewhere(transaction, transaction.awake());
            }

            @Override
            public void committed(Transaction transaction, int changes, long nanos) {
                database.committed();
                arrivals.caughtUp(transaction);
                transaction.awake().forEach(wakeups::wake);
                retention().committed(transaction);
                transaction.committed(); // before listeners, whose faults must not keep a lane from what it has claimed
                listeners.forEach(each -> News.tell(transaction, each, changes, nanos));
            }
        });
        this.messages = new Messages(database, writer, quota, arrivals);
        this.batches = new Batches(database, writer, quota, arrivals, this::wakeAll);
        this.instances = new Instances(owners, writer);
        this.watch = new Watch(database, writer, owners, wakeups, running);
        this.lanes = new Lanes(database, writer, owners, arrivals, running, watch);
        this.replays = new Replays(database, writer, owners);
        this.outbox = new Outbox(database, writer, owners, wakeups);
        this.retention = new Retention(database, writer, owners);
        this.access = new AccessStore(database, writer);
    }

    private static long lastNumber(Sql sql) {
        return sql.number("select max(last) from (select max(seq) as last from message"
                + " union all select max(position) from work where position > seq"
                + " union all select max(seq) from outbox union all select max(seq) from batch"
                + " union all select max(seq) from audit) as every");
    }

    /** Opens a store that is not encrypted. */
    public static Store open(String url, String username, String password) {
        return open(url, username, password, null);
    }

    /**
     * Opens the store and brings its tables up to date.
     *
     * @param keyFile has the keys that content is encrypted with; null: it is not
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static Store open(String url, String username, String password, @Nullable Path keyFile) {
        Database database = Database.open(url, username, password, keyFile);
        return new Store(database, DiskQuota.of(url, database));
    }

    /** Says how many bytes the store may take; what comes in is refused above that. */
    public void limit(long bytes) {
        quota.limit(bytes);
    }

    private void wakeAll(Transaction transaction) {
        transaction.afterwards(() -> wakeups.wakeAll(any -> true));
        owners.tellEveryone(transaction);
    }

    public Instances instances() {
        return instances;
    }

    public Messages messages() {
        return messages;
    }

    public Batches batches() {
        return batches;
    }

    public Lanes lanes() {
        return lanes;
    }

    public Replays replays() {
        return replays;
    }

    public Outbox outbox() {
        return outbox;
    }

    public Retention retention() {
        return retention;
    }

    /** Who may do what, and who did. */
    public AccessStore access() {
        return access;
    }

    /** Tells someone from now on of what is on disk. */
    public void listen(StoreListener listener) {
        listeners.add(listener);
    }

    /** Calls back whenever there may be work for a lane, a topic of the outbox, or anyone who waits for a message's outcome. */
    public AutoCloseable onWork(String name, Runnable task) {
        return wakeups.add(name, task);
    }

    /**
     * Writes to the database something that changes nothing.
     *
     * @throws RuntimeException when that fails, takes longer than some seconds, or something else failed a moment ago
     */
    public void check() {
        quota.refusal().ifPresent(refused -> {
            throw refused;
        });
        Throwable trouble = writer.trouble();
        if (trouble != null) {
            throw new IllegalStateException(why(trouble), trouble);
        }
        writer.dispatch(transaction -> transaction.update(
                        "insert into lane (name) values ('') on conflict (name) do update set epoch = 0"))
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    /**
     * Waits until something is written.
     *
     * @throws Refused (503) when it cannot be
     */
    public static <T> T written(CompletableFuture<T> writing) {
        try {
            return writing.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refused refused ? refused : Refused.forNow(why(e), 5);
        }
    }

    /** Tells in a sentence why something was not written. */
    public static String why(Throwable failed) {
        if (failed instanceof Refused refused) {
            return refused.title();
        }
        return StoreFailed.isDiskFull(failed) ? "The store's disk is full." : "The store does not write for now.";
    }

    /** Returns whether something was not written for what it held, and never can be. */
    public static boolean refusesContent(Throwable failed) {
        return StoreFailed.refusesContent(failed);
    }

    /** Reads from the database. */
    public <T> T read(Function<Sql, T> query) {
        return database.read(query);
    }

    /** Returns whether it is closed, or about to be. */
    public boolean isClosed() {
        return closed;
    }

    /** Writes what waits, and closes. */
    @Override
    public void close() {
        closed = true;
        watch.close();
        writer.close();
        database.close();
    }
}
