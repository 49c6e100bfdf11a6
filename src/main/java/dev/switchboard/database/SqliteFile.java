package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The file of an embedded store: only this user can open it, and what is committed is on disk. */
public final class SqliteFile {

    static final String ADDRESS = "jdbc:sqlite:";
    static final int BUSY_TIMEOUT = 10_000;

    private SqliteFile() {}

    /**
     * Returns the file of a store.
     *
     * @throws IllegalArgumentException when it is on a server
     */
    public static Path of(String url) {
        if (!url.startsWith(ADDRESS)) {
            throw new IllegalArgumentException("switchboard.store.url: is not an SQLite file: " + url);
        }
        return Path.of(url.substring(ADDRESS.length()));
    }

    /** Connects to a SQLite file that no bus writes to. */
    public static Sql connect(Path file) {
        try {
            return new Sql(DriverManager.getConnection(ADDRESS + file), Sealing.of(null));
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
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

    /** Makes the file of a store with its folder, if there is none; SQLite gives the files that it makes next to it the same permissions. */
    static void make(Path file) {
        makeFolder(file);
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

    static DataSource source(Path file, SQLiteConfig.TransactionMode mode) {
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
        source.setUrl(ADDRESS + file);
        return source;
    }
}
