package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/** Copies a store in a SQLite file while others write to it, and puts a copy back. */
public final class Backup {

    /** A run would send again what has been since; a file would be read again from where it was. */
    private static final List<String> MARKS = List.of(
            "insert into lane (name, restored) select lane, max(seq) from work where true"
                    + " group by lane on conflict (name) do update set restored = excluded.restored",
            "update replay set state = 'stopped', finished_at = started_at, why = 'The store was restored from a backup.'"
                    + " where state = 'running'",
            "delete from replay_item",
            "update batch set state = 'stopped',"
                    + " reason = 'The store was restored from a backup; lines that were read since may have been sent.'"
                    + " where state = 'reading'");

    private Backup() {}

    /**
     * Copies a store as it is at one moment. The copy is whole and on disk when it has its name.
     *
     * @param url the store's address
     * @throws IllegalArgumentException when there is no such store, or the file is there already
     */
    public static void make(String url, Path to) throws IOException {
        Path file = SqliteFile.of(url);
        require(Files.isRegularFile(file), "there is no store at " + file);
        require(!Files.exists(to), to + " exists already: a backup overwrites nothing");
        Path part = part(to);
        try {
            try (Sql sql = SqliteFile.connect(file)) {
                sql.execute("pragma busy_timeout = 10000");
                sql.update("vacuum into ?", part.toString());
            }
            requireWhole(part, to);
            force(part);
            Files.move(part, to);
            forceFolder(to);
        } catch (StoreFailed e) {
            throw new IOException(StoreFailed.rootCause(e).getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Puts a copy instead of a store. What of it was unfinished may have gone out since: what may not be repeated is
     * uncertain as soon as a bus has its lane.
     *
     * @param replace whether a store that is there already is given up
     * @throws IllegalArgumentException when the copy is not one, is damaged or of a later version, when a bus has the store, or it
     *     is there already
     */
    public static void restore(Path from, String url, boolean replace) throws IOException {
        Path file = SqliteFile.of(url);
        require(Files.isRegularFile(from), "there is no file " + from);
        SqliteFile.makeFolder(file);
        try (FileChannel held = Locks.all(file)) {
            require(held != null, "a bus has the store at " + file + ": stop it first");
            require(
                    replace || !Files.exists(file),
                    "there is a store at " + file + " already: --replace gives it up for the backup");
            Path part = part(file);
            try {
                Files.write(part, new byte[0]);
                copy(from, part);
                requireWhole(part, from);
                prepare(part, from);
                force(part);
                swap(part, file);
            } finally {
                for (String end : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(Path.of(part + end));
                }
            }
        }
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Makes an empty file next to its place, which no one else may read: it will hold what customers wrote. */
    private static Path part(Path file) throws IOException {
        Path part = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".part");
        Files.deleteIfExists(part);
        return Files.createFile(part, SqliteFile.onlyOurs(part, "rw-------"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from);
                FileChannel out = FileChannel.open(to, Set.of(StandardOpenOption.WRITE))) {
            for (long at = 0; at < in.size(); ) {
                at += in.transferTo(at, in.size() - at, out);
            }
        }
    }

    private static void requireWhole(Path copy, Path called) {
        try {
            String found;
            try (Sql sql = SqliteFile.connect(copy)) {
                boolean store = sql.any("select 1 from sqlite_master where name = 'flyway_schema_history'");
                require(store, called + " is not a backup of a store");
                found = sql.first("pragma integrity_check", Row::text).orElse("");
            }
            require(found.equals("ok"), called + " is damaged: " + found);
        } catch (StoreFailed e) {
            throw new IllegalArgumentException(
                    called + " is not a backup, or damaged: "
                            + StoreFailed.rootCause(e).getMessage(),
                    e);
        }
    }

    /** Brings its tables up to date, and notes what may have gone out since. */
    private static void prepare(Path copy, Path called) {
        try {
            new Schema(SqliteFile.source(copy, SQLiteConfig.TransactionMode.IMMEDIATE), Schema.SQLITE).update();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(called + ": " + e.getMessage(), e);
        }
        try (Sql sql = SqliteFile.connect(copy)) {
            sql.execute("begin");
            MARKS.forEach(sql::execute);
            sql.execute("commit");
            sql.execute("pragma journal_mode = delete");
        }
    }

    /** Returns the statements that note in a restored store what may have gone out since. */
    public static String mark() {
        return String.join("; ", MARKS);
    }

    private static void swap(Path part, Path file) throws IOException {
        String old = file + ".replaced";
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(old + end));
            if (Files.exists(Path.of(file + end))) {
                Files.move(Path.of(file + end), Path.of(old + end));
            }
        }
        Files.move(part, file);
        forceFolder(file);
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(old + end));
        }
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** So that its name is on disk too; Windows does that by itself. */
    private static void forceFolder(Path file) {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        } catch (IOException e) {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                throw new UncheckedIOException("cannot write the folder of " + file, e);
            }
        }
    }
}
