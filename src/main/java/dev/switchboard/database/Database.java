package dev.switchboard.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.sqlite.SQLiteConfig;

/** The database behind the store: one connection that writes, and a few that only read. */
public final class Database implements AutoCloseable {

    private static final int READERS = 4;
    private static final int WATCH_ANSWERS_WITHIN = 4_000;
    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** The version of the tables that this program knows. */
    public static final String VERSION = Schema.VERSION;

    private final DataSource writer;
    private final HikariDataSource readers;
    private final Locks locks;
    private final @Nullable PostgresSessions server;
    private final @Nullable Checkpoints checkpoints;
    private final Sealing sealing;
    private final StoreKeys keys;

    private Database(
            DataSource writer,
            HikariDataSource readers,
            Locks locks,
            @Nullable PostgresSessions server,
            Sealing sealing,
            StoreKeys keys) {
        this.server = server;
        this.locks = locks;
        this.sealing = sealing;
        this.keys = keys;
        this.writer = writer;
        this.readers = readers;
        this.checkpoints = server != null ? null : new Checkpoints(this);
    }

    /**
     * Opens a database and brings its tables up to date.
     *
     * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}
     * @param keyFile has the keys that content is encrypted with; null: it is not
     * @throws IllegalArgumentException when the address is of no kind that is known, or does not answer, or the keys are not those of
     *     the store
     */
    public static Database open(String url, String username, String password, @Nullable Path keyFile) {
        Sealing sealing = Sealing.of(keyFile);
        if (url.startsWith(POSTGRESQL)) {
            var server = new PostgresSessions(url, username, password);
            server.requireOwnSession();
            return open(server, server, Locks.advisory(), Schema.POSTGRESQL, server, sealing);
        }
        if (url.startsWith(SqliteFile.ADDRESS)) {
            Path file = SqliteFile.of(url);
            SqliteFile.make(file);
            return open(
                    SqliteFile.source(file, SQLiteConfig.TransactionMode.IMMEDIATE),
                    SqliteFile.source(file, SQLiteConfig.TransactionMode.DEFERRED),
                    Locks.nextTo(file),
                    Schema.SQLITE,
                    null,
                    sealing);
        }
        throw new IllegalArgumentException(
                "switchboard.store.url: must begin with " + SqliteFile.ADDRESS + " or " + POSTGRESQL);
    }

    /**
     * Returns the version of a database's tables, and changes nothing; none where it has no tables.
     *
     * @throws IllegalArgumentException when the address is of no kind that is known, or does not answer
     */
    public static Optional<String> version(String url, String username, String password) {
        if (url.startsWith(POSTGRESQL)) {
            return new Schema(new PostgresSessions(url, username, password), Schema.POSTGRESQL).version();
        }
        Path file = SqliteFile.of(url);
        return Files.exists(file)
                ? new Schema(SqliteFile.source(file, SQLiteConfig.TransactionMode.DEFERRED), Schema.SQLITE).version()
                : Optional.empty();
    }

    private static Database open(
            DataSource writing,
            DataSource reading,
            Locks locks,
            String tables,
            @Nullable PostgresSessions server,
            Sealing sealing) {
        new Schema(writing, tables).update();
        var keys = new StoreKeys(sealing, locks);
        keys.check(writing);
        return new Database(writing, readers(reading), locks, server, sealing, keys);
    }

    private static HikariDataSource readers(DataSource reading) {
        var config = new HikariConfig();
        config.setDataSource(reading);
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        config.setPoolName("store-readers");
        return new HikariDataSource(config);
    }

    /**
     * Opens the one connection that writes, and makes it fit for that. A server, or the user's settings on it, may say that a
     * commit need not be on disk; here it has to be. And a plan that was made while a table was empty must not go through all of
     * it for ever: what is written is found by an index.
     */
    public Sql openWriter() throws SQLException {
        var sql = new Sql(writer.getConnection(), sealing);
        if (server != null) {
            server.limitWriter(sql.connection());
            sql.execute("select set_config('synchronous_commit', 'on', false)"
                    + " where current_setting('synchronous_commit') = 'off'");
            sql.execute("set enable_seqscan = off");
        } else {
            sql.execute("pragma wal_autocheckpoint = " + Checkpoints.MOST_IN_LOG);
        }
        return sql;
    }

    /** Returns whether it is a server, which several processes may use. */
    public boolean isServer() {
        return server != null;
    }

    /** Opens a connection that hears what others tell on a channel. */
    public Sql openWatch(String channel) {
        try {
            var sql = new Sql(Objects.requireNonNull(server).getConnection(), sealing);
            sql.connection().setNetworkTimeout(Runnable::run, WATCH_ANSWERS_WITHIN);
            sql.execute("set synchronous_commit = off");
            sql.execute("listen " + channel);
            return sql;
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /** Waits some milliseconds for what others tell. */
    public List<String> told(Sql watch, int millis) {
        try {
            PGNotification[] told =
                    watch.connection().unwrap(PGConnection.class).getNotifications(millis);
            return told == null
                    ? List.of()
                    : Arrays.stream(told)
                            .map(PGNotification::getParameter)
                            .distinct()
                            .toList();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /** Notes on a new connection that writes which process has it, and so uses the store's key. */
    public void connected(Sql sql, int process) {
        keys.connected(sql, process);
    }

    /** Encrypts with the newest key what is not; nothing where there is no key file. */
    public Optional<Resealing> resealing() {
        return sealing.isOn() ? Optional.of(new Resealing(sealing, keys)) : Optional.empty();
    }

    /** Something has been written. */
    public void committed() {
        if (checkpoints != null) {
            checkpoints.committed();
        }
    }

    /**
     * Has what was erased leave SQLite's log too, which keeps it until it is written over. Returns whether it has; while someone
     * reads it may not. Within a page of the file, remains of a row that SQLite has moved stay in bytes that no one reads until
     * the page is filled again.
     */
    public boolean emptyLog(Sql sql) {
        if (server != null) {
            return true;
        }
        sql.execute("pragma busy_timeout = 0");
        try {
            return sql.number("pragma wal_checkpoint(truncate)") == 0;
        } finally {
            sql.execute("pragma busy_timeout = " + SqliteFile.BUSY_TIMEOUT);
        }
    }

    /** Reads; where a pooled connection turns out to be lost, on another. */
    public <T> T read(Function<Sql, T> query) {
        for (int lost = 0; ; lost++) {
            try (Sql sql = reader()) {
                return query.apply(sql);
            } catch (StoreFailed e) {
                if (lost >= READERS || !e.isLostConnection()) {
                    throw e;
                }
            }
        }
    }

    /** Reads what may be more than memory holds, as it is at one moment. */
    public void stream(Consumer<Sql> query) {
        try (Sql sql = reader()) {
            sql.connection().setAutoCommit(false);
            try {
                query.accept(sql);
            } finally {
                sql.connection().rollback();
                sql.connection().setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    private Sql reader() {
        try {
            return new Sql(readers.getConnection(), sealing);
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /** The names of which one process at a time has each. */
    public Locks locks() {
        return locks;
    }

    @Override
    public void close() {
        if (checkpoints != null) {
            checkpoints.close();
        }
        readers.close();
        locks.close();
    }
}
