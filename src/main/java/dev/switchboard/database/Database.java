package dev.switchboard.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database behind the store: one connection that writes, and a few that only read. */
public final class Database implements AutoCloseable {

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int READERS = 4;
    private static final int BUSY_TIMEOUT = 10_000;
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String SQLITE_TABLES = "classpath:db/sqlite";
    private static final String POSTGRESQL_TABLES = "classpath:db/postgresql";

    /** The version of the tables: the newest file of each folder of {@code db}. */
    public static final String SCHEMA = "1";

    private static final String HISTORY = "flyway_schema_history";

    private final DataSource writer;
    private final HikariDataSource readers;
    private final Locks locks;
    private final boolean server;
    private final @Nullable Checkpoints checkpoints;

    private Database(DataSource writer, HikariDataSource readers, Locks locks, boolean server) {
        this.server = server;
        this.locks = locks;
        this.writer = writer;
        this.readers = readers;
        this.checkpoints = server ? null : new Checkpoints(this);
    }

    /**
     * Opens a database and brings its tables up to date.
     *
     * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}
     * @throws IllegalArgumentException when the address is of no kind that is known, or does not answer
     */
    public static Database open(String url, String username, String password) {
        if (url.startsWith(POSTGRESQL)) {
            DataSource database = postgresql(url, username, password);
            return open(database, database, Locks.advisory(), POSTGRESQL_TABLES, true);
        }
        if (url.startsWith(SQLITE)) {
            Path file = sqliteFile(url);
            makeFolder(file);
            makeFile(file);
            return open(
                    sqlite(url, SQLiteConfig.TransactionMode.IMMEDIATE),
                    sqlite(url, SQLiteConfig.TransactionMode.DEFERRED),
                    Locks.nextTo(file),
                    SQLITE_TABLES,
                    false);
        }
        throw new IllegalArgumentException("switchboard.store.url: must begin with " + SQLITE + " or " + POSTGRESQL);
    }

    private static Database open(DataSource writing, DataSource reading, Locks locks, String tables, boolean server) {
        if (!isCurrent(writing)) {
            migrate(writing, tables);
        }
        return new Database(writing, readers(reading), locks, server);
    }

    /** Returns whether a store has this program's tables: Flyway takes as long to say so as all else that a store is opened with. */
    private static boolean isCurrent(DataSource database) {
        try (Connection connection = database.getConnection();
                ResultSet history = connection.getMetaData().getTables(null, null, HISTORY, null);
                Statement statement = connection.createStatement()) {
            return history.next() && SCHEMA.equals(newest(statement));
        } catch (SQLException e) {
            // The database does not answer, which Flyway finds out too and says.
            return false;
        }
    }

    private static @Nullable String newest(Statement statement) throws SQLException {
        try (ResultSet newest =
                statement.executeQuery("select version from " + HISTORY + " order by installed_rank desc limit 1")) {
            return newest.next() ? newest.getString(1) : null;
        }
    }

    private static void migrate(DataSource database, String tables) {
        try {
            Flyway flyway = Flyway.configure(Database.class.getClassLoader())
                    .dataSource(database)
                    .locations(tables)
                    .load();
            refuseNewer(flyway.info().all());
            flyway.migrate();
        } catch (FlywaySqlException e) {
            throw new IllegalArgumentException(
                    "switchboard.store.url: the database does not answer: " + e.getMessage(), e);
        }
    }

    /** A program that does not know what a later one has made of the tables would do harm. */
    private static void refuseNewer(MigrationInfo... all) {
        Optional<MigrationVersion> newer = newest(all, each -> each.getState() == MigrationState.FUTURE_SUCCESS);
        Optional<MigrationVersion> known = newest(all, each -> each.getState() != MigrationState.FUTURE_SUCCESS);
        newer.ifPresent(version -> {
            throw new IllegalArgumentException("the store has schema version " + version
                    + ", and this program knows no later one than "
                    + known.map(MigrationVersion::toString).orElse("0")
                    + ": start the version that has written it, or a later one");
        });
    }

    private static Optional<MigrationVersion> newest(MigrationInfo[] all, Predicate<MigrationInfo> which) {
        return Arrays.stream(all)
                .filter(which)
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }

    /** Brings the tables in a SQLite file up to date. */
    public static void migrate(String url) {
        migrate(sqlite(url, SQLiteConfig.TransactionMode.IMMEDIATE), SQLITE_TABLES);
    }

    /**
     * Returns the file of a store.
     *
     * @throws IllegalArgumentException when it is on a server
     */
    public static Path sqliteFile(String url) {
        if (!url.startsWith(SQLITE)) {
            throw new IllegalArgumentException("switchboard.store.url: is no SQLite file: " + url);
        }
        return Path.of(url.substring(SQLITE.length()));
    }

    /** Connects to a SQLite file that no bus writes to. */
    public static Sql connect(Path file) {
        try {
            return new Sql(DriverManager.getConnection(SQLITE + file));
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    private static DataSource postgresql(String url, String username, String password) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(username);
        source.setPassword(password);
        source.setApplicationName("switchboard");
        source.setTcpKeepAlive(true);
        source.setSocketTimeout(60);
        source.setLogServerErrorDetail(false); // it shows the values of a row that could not be written
        return source;
    }

    /** Makes the folder of a file, if there is none, so that only this user can open it: it is never open to others, not even at first. */
    public static void makeFolder(Path file) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        try {
            Files.createDirectories(folder.resolveSibling(""));
            Files.createDirectory(folder, onlyOurs(folder, "rwx------"));
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // which it is mostly, or the broker has made it this very moment
                throw new UncheckedIOException("switchboard.data-dir: cannot make the folder of " + file, e);
            }
        }
    }

    /** Makes the file of a store, if there is none; SQLite gives the files that it makes next to it the same permissions. */
    private static void makeFile(Path file) {
        try {
            Files.createFile(file, onlyOurs(file, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            // it is a store already
        } catch (IOException e) {
            throw new UncheckedIOException("switchboard.data-dir: cannot make " + file, e);
        }
    }

    static FileAttribute<?>[] onlyOurs(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static DataSource sqlite(String url, SQLiteConfig.TransactionMode mode) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT);
        config.setTransactionMode(mode);
        config.setCacheSize(-16_000);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setGetGeneratedKeys(false); // else a query follows each insert
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true"); // what is erased is overwritten
        var source = new SQLiteDataSource(config);
        source.setUrl(url);
        return source;
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
        var sql = new Sql(writer.getConnection());
        if (server) {
            sql.execute("select set_config('synchronous_commit', 'on', false)"
                    + " where current_setting('synchronous_commit') = 'off'");
            sql.execute("set enable_seqscan = off");
        } else {
            sql.execute("pragma wal_autocheckpoint = " + Checkpoints.MOST_IN_LOG);
        }
        return sql;
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
        if (server) {
            return true;
        }
        sql.execute("pragma busy_timeout = 0");
        try {
            return sql.number("pragma wal_checkpoint(truncate)") == 0;
        } finally {
            sql.execute("pragma busy_timeout = " + BUSY_TIMEOUT);
        }
    }

    /** Reads; where a pooled connection turns out to be lost, on another. */
    public <T> T read(Function<Sql, T> query) {
        for (int lost = 0; ; lost++) {
            try (Sql sql = reader()) {
                return query.apply(sql);
            } catch (StoreFailed e) {
                if (lost >= READERS || !connectionLost(e)) {
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
            return new Sql(readers.getConnection());
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    public static Throwable rootCause(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootCause(cause);
    }

    /** Returns whether there is no space left for what was to be written. */
    public static boolean full(Throwable e) {
        Throwable cause = rootCause(e);
        return (cause instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL)
                || (cause instanceof SQLException other && "53100".equals(other.getSQLState()));
    }

    /** Returns whether a change cannot be written for what it holds, however often it is tried. */
    public static boolean refusesContent(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite.getResultCode() == SQLiteErrorCode.SQLITE_TOOBIG;
            }
            if (cause instanceof SQLException other) {
                String state = String.valueOf(other.getSQLState());
                return state.startsWith("22") || state.startsWith("54"); // data exception, program limit
            }
        }
        return !(rootCause(e) instanceof RejectedExecutionException || rootCause(e) instanceof Error);
    }

    private static boolean connectionLost(StoreFailed e) {
        return e.getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && (cause.getSQLState().startsWith("08") || cause.getSQLState().startsWith("57P"));
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
