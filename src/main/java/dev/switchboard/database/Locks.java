package dev.switchboard.database;

import dev.switchboard.message.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of which one process at a time has each. The operating system or the database gives a name back when its holder
 * ends, however it ends.
 */
public interface Locks extends AutoCloseable {

    /** Takes a name, if it is free or taken by this connection already. */
    public boolean take(Sql sql, String name);

    /** Takes a name, if it is free, until the commit is done. */
    public boolean takeForNow(Transaction transaction, String name);

    @Override
    public void close();

    /** Locks a byte for each name, in a file next to the database. */
    public static Locks nextTo(Path database) {
        return new Bytes(database.resolveSibling(database.getFileName() + ".lock"));
    }

    /** Takes advisory locks of PostgreSQL; the connection that writes holds them, and loses them when it is lost. */
    public static Locks advisory() {
        return new Advisory();
    }

    /** Takes all names there are, for as long as what is returned is open; null while a process has one. */
    public static @Nullable FileChannel all(Path database) throws IOException {
        FileChannel channel = open(database.resolveSibling(database.getFileName() + ".lock"));
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // a store of this very process has it
        }
        channel.close();
        return null;
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                SqliteFile.onlyOurs(file, "rw-------"));
    }

    private static long key(String name) {
        return ByteBuffer.wrap(Sha256.of("switchboard " + name)).getLong() >>> 2;
    }

    /** Bytes of a file. */
    public final class Bytes implements Locks {
        private final Path file;
        private final FileChannel channel;
        private final Map<String, FileLock> taken = new HashMap<>();
        private final Map<String, FileLock> passing = new HashMap<>();

        private Bytes(Path file) {
            this.file = file;
            try {
                this.channel = Locks.open(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot open " + file, e);
            }
        }

        @Override
        public boolean take(Sql sql, String name) {
            giveBack(); // what a commit that failed took stays with it no longer
            return lock(name, taken);
        }

        @Override
        public boolean takeForNow(Transaction transaction, String name) {
            transaction.afterwards(this::giveBack);
            return taken.containsKey(name) || lock(name, passing);
        }

        private void giveBack() {
            passing.values().forEach(lock -> {
                try {
                    lock.release();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot unlock " + file, e);
                }
            });
            passing.clear();
        }

        private boolean lock(String name, Map<String, FileLock> into) {
            try {
                if (!into.containsKey(name)) {
                    FileLock lock = channel.tryLock(key(name), 1, false);
                    if (lock != null) {
                        into.put(name, lock);
                    }
                }
            } catch (OverlappingFileLockException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot lock " + file, e);
            }
            return into.containsKey(name);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close " + file, e);
            }
        }
    }

    /** Locks of the database's session. */
    public final class Advisory implements Locks {
        @Override
        public boolean take(Sql sql, String name) {
            return sql.first("select pg_try_advisory_lock(?)", Row::flag, key(name))
                    .orElse(false);
        }

        @Override
        public boolean takeForNow(Transaction transaction, String name) {
            return transaction
                    .sql()
                    .first("select pg_try_advisory_xact_lock(?)", Row::flag, key(name))
                    .orElse(false);
        }

        @Override
        public void close() {
            // the connection gives them back
        }
    }
}
