package dev.switchboard.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database behind the store: one connection that writes, and a few that only read. */
final class Database implements AutoCloseable {

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int READERS = 4;
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final int BUSY_TIMEOUT = 10_000;
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Tables SQLITE_TABLES = new Tables(
            List.of("classpath:db/migration", "classpath:db/sqlite"),
            Map.of(
                    "without_rowid", "without rowid",
                    "customer", "json_extract(body, '$.customerId')",
                    "each_label", "json_each(message.body, '$.labels') as each"),
            false);
    private static final Tables POSTGRESQL_TABLES = new Tables(
            List.of("classpath:db/migration", "classpath:db/postgresql"),
            Map.of(
                    "without_rowid", "",
                    "customer", "body::jsonb ->> 'customerId'",
                    "each_label", "jsonb_each_text(message.body::jsonb -> 'labels') as each (key, value)"),
            true);

    /** The version of the tables: the newest file of {@code db/migration}. */
    static final String SCHEMA = "8";

    private static final String HISTORY = "flyway_schema_history";

    /** What the databases spell differently: where their migrations are, and words within them. */
    private record Tables(List<String> locations, Map<String, String> words, boolean server) {}

    private final Jdbi writer;
    private final Jdbi readers;
    private final HikariDataSource pool;
    private final Locks locks;
    private final boolean server;
    private final @Nullable Checkpoints checkpoints;

    private Database(DataSource writing, HikariDataSource reading, Locks locks, boolean server) {
        this.server = server;
        this.locks = locks;
        // its commits are not the mapper's affair, which must not wonder at one that is open when it closes
        this.writer = jdbi(writing).configure(Handles.class, handles -> handles.setForceEndTransactions(false));
        this.readers = jdbi(reading);
        this.pool = reading;
        this.checkpoints = server ? null : new Checkpoints(this.readers);
    }

    /** What a statement that fails was about does not stand in its message, and so in no log. */
    private static Jdbi jdbi(DataSource source) {
        return Jdbi.create(source)
                .configure(
                        StatementExceptions.class, exceptions -> exceptions.setMessageRendering(MessageRendering.NONE));
    }

    /**
     * Opens a database and brings its tables up to date.
     *
     * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}
     * @throws IllegalArgumentException when the address is of no kind that is known, or does not answer
     */
    static Database open(String url, String username, String password) {
        if (url.startsWith(POSTGRESQL)) {
            DataSource database = postgresql(url, username, password);
            return open(database, database, Locks.advisory(), POSTGRESQL_TABLES);
        }
        if (url.startsWith(SQLITE)) {
            Path file = sqliteFile(url);
            makeFolder(file);
            return open(
                    sqlite(url, SQLiteConfig.TransactionMode.IMMEDIATE),
                    sqlite(url, SQLiteConfig.TransactionMode.DEFERRED),
                    Locks.beside(file),
                    SQLITE_TABLES);
        }
        throw new IllegalArgumentException("switchboard.store.url: must begin with " + SQLITE + " or " + POSTGRESQL);
    }

    private static Database open(DataSource writing, DataSource reading, Locks locks, Tables tables) {
        if (!isCurrent(writing)) {
            migrate(writing, tables);
        }
        return new Database(writing, readers(reading), locks, tables.server());
    }

    /** Says whether a store has this program's tables: Flyway takes as long to say so as all else that a store is opened with. */
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

    private static void migrate(DataSource database, Tables tables) {
        try {
            Flyway flyway = Flyway.configure(Database.class.getClassLoader())
                    .dataSource(database)
                    .locations(tables.locations().toArray(String[]::new))
                    .placeholders(tables.words())
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
    static void migrate(String url) {
        migrate(sqlite(url, SQLiteConfig.TransactionMode.IMMEDIATE), SQLITE_TABLES);
    }

    /**
     * Returns the file of a store.
     *
     * @throws IllegalArgumentException when it is on a server
     */
    static Path sqliteFile(String url) {
        if (!url.startsWith(SQLITE)) {
            throw new IllegalArgumentException("switchboard.store.url: is no SQLite file: " + url);
        }
        return Path.of(url.substring(SQLITE.length()));
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

    static void makeFolder(Path file) {
        try {
            Path folder = file.toAbsolutePath().resolveSibling("");
            boolean fresh = !Files.exists(folder);
            Files.createDirectories(folder);
            if (fresh && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, OURS_ALONE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("switchboard.data-dir: cannot make the folder of " + file, e);
        }
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

    /** The database for the one connection that writes. */
    Jdbi writer() {
        return writer;
    }

    Jdbi readers() {
        return readers;
    }

    /**
     * Makes a new connection fit to write. A server, or the user's settings on it, may say that a commit need not be on disk;
     * here it has to be. And a plan that was made while a table was empty must not go through all of it for ever: what is
     * written is found by an index.
     */
    void prepare(Handle writer) {
        if (server) {
            writer.createQuery("select set_config('synchronous_commit', 'on', false)"
                            + " where current_setting('synchronous_commit') = 'off'")
                    .mapTo(String.class)
                    .findOne();
            writer.execute("set enable_seqscan = off");
        } else {
            writer.execute("pragma wal_autocheckpoint = " + Checkpoints.MOST_IN_LOG);
        }
    }

    /** Something has been written. */
    void committed() {
        if (checkpoints != null) {
            checkpoints.committed();
        }
    }

    /**
     * Has what was erased leave SQLite's log too, which keeps it until it is written over. Says whether it has; while somebody
     * reads it may not. Within a page of the file, remains of a row that SQLite has moved stay in bytes that nobody reads until
     * the page is filled again.
     */
    boolean emptyLog(Handle writer) {
        if (server) {
            return true;
        }
        writer.execute("pragma busy_timeout = 0");
        try {
            return writer.createQuery("pragma wal_checkpoint(truncate)")
                    .map((row, context) -> row.getInt(1) == 0)
                    .one();
        } finally {
            writer.execute("pragma busy_timeout = " + BUSY_TIMEOUT);
        }
    }

    /** Reads; where a pooled connection turns out to be lost, on another. */
    <T> T read(Function<Handle, T> query) {
        for (int lost = 0; ; lost++) {
            try {
                return readers.withHandle(query::apply);
            } catch (JdbiException e) {
                if (lost >= READERS || !connectionLost(e)) {
                    throw e;
                }
            }
        }
    }

    static Throwable rootCause(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootCause(cause);
    }

    /** Says whether there is no space left for what was to be written. */
    static boolean full(Throwable e) {
        Throwable cause = rootCause(e);
        return (cause instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL)
                || (cause instanceof SQLException other && "53100".equals(other.getSQLState()));
    }

    /** Returns whether a change cannot be written for what it holds, however often it is tried. */
    static boolean refusesContent(Throwable e) {
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

    private static boolean connectionLost(JdbiException e) {
        return e.getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && (cause.getSQLState().startsWith("08") || cause.getSQLState().startsWith("57P"));
    }

    /** The names of which one process at a time has each. */
    Locks locks() {
        return locks;
    }

    @Override
    public void close() {
        if (checkpoints != null) {
            checkpoints.close();
        }
        pool.close();
        locks.close();
    }
}
