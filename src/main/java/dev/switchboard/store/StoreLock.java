package dev.switchboard.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Holds a store for one process. Two would each take the other's attempts for those of a process that has died. The
 * operating system or the database gives the lock back when its holder ends, however it ends.
 */
final class StoreLock {

    private static final long ADVISORY = 0x5357_4243_4844L;

    private StoreLock() {}

    /** Locks a file beside the database. */
    static AutoCloseable file(Path database) {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw taken();
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw taken();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    /** Takes an advisory lock of PostgreSQL, which a connection of its own holds. */
    static AutoCloseable advisory(DataSource database) {
        try {
            Connection connection = database.getConnection();
            try (Statement statement = connection.createStatement();
                    ResultSet answer = statement.executeQuery("select pg_try_advisory_lock(" + ADVISORY + ")")) {
                if (answer.next() && answer.getBoolean(1)) {
                    return connection;
                }
            }
            connection.close();
            throw taken();
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "switchboard.store.url: the database does not answer: " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException taken() {
        return new IllegalArgumentException(
                "switchboard.store.url: another process has this store; stop it, or give this one a store of its own");
    }
}
