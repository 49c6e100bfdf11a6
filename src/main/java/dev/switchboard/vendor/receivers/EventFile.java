package dev.switchboard.vendor.receivers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The file that an account's events are written to, a line each. While it grows its name begins with a dot and ends with {@code
 * .part}; it gets its name when it is finished: when it is large or old enough, and when the bus stops. What a killed bus left
 * is finished before the next one begins.
 */
final class EventFile {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final String GROWING = ".part";

    private final Path folder;
    private final String account;
    private final long maxSize;
    private final Duration maxAge;

    private @Nullable FileChannel channel;
    private Path growing;
    private long began;
    private boolean adopted;

    /**
     * Makes a file in a folder, which is made when the first event comes.
     *
     * @param account what the names of its files begin with
     * @param maxSize from how many bytes on it is finished
     * @param maxAge how long after its first event it is finished
     */
    EventFile(Path folder, String account, long maxSize, Duration maxAge) {
        this.folder = folder;
        this.account = account;
        this.maxSize = maxSize;
        this.maxAge = maxAge;
        this.growing = folder;
    }

    /** Writes a line; it is on disk when this returns. One that could not be written leaves no part of itself. */
    synchronized void write(String line) throws IOException {
        FileChannel file = open();
        long before = file.size();
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            undo(file, before);
            throw e;
        }
        if (file.size() >= maxSize) {
            finish();
        }
    }

    /** Where even this fails, the next start cuts the torn line off; nothing more is written behind it. */
    private void undo(FileChannel file, long before) throws IOException {
        try {
            file.truncate(before);
        } catch (IOException e) {
            channel = null;
            file.close();
        }
    }

    /** Finishes the file if it is old enough, and what a killed bus left. */
    synchronized void finishOld() throws IOException {
        if (Files.isDirectory(folder)) {
            adopt();
        }
        if (channel != null && System.nanoTime() - began >= maxAge.toNanos()) {
            finish();
        }
    }

    /** Gives the file its name, if there is one. */
    synchronized void finish() throws IOException {
        if (channel != null) {
            FileChannel file = channel;
            channel = null;
            file.close();
            finish(growing);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel file = channel;
        if (file == null) {
            Files.createDirectories(folder);
            adopt();
            growing = newName();
            file = FileChannel.open(growing, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            file.tryLock();
            began = System.nanoTime();
            channel = file;
        }
        return file;
    }

    private Path newName() {
        Instant time = Instant.now();
        while (true) {
            String name = account + "-" + NAME.format(time) + ".jsonl";
            Path file = folder.resolve("." + name + GROWING);
            if (!Files.exists(file) && !Files.exists(folder.resolve(name))) {
                return file;
            }
            time = time.plusMillis(1);
        }
    }

    /** Finishes what a killed bus left. Another instance that still writes its own holds the lock on it. */
    private void adopt() throws IOException {
        if (adopted) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "." + account + "-????????-*" + GROWING)) {
            for (Path file : left) {
                if (cut(file)) {
                    finish(file);
                }
            }
        }
        adopted = true;
    }

    /** Cuts a line off that is not whole: the bus did not count it as written, and writes it again. */
    private static boolean cut(Path file) throws IOException {
        try (FileChannel left = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = left.tryLock()) {
            if (lock == null) {
                return false;
            }
            long end = left.size();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (end > 0 && (left.read(one.clear(), end - 1) < 1 || one.get(0) != '\n')) {
                end--;
            }
            left.truncate(end);
            left.force(true);
            return true;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void finish(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (Files.size(file) == 0) {
            Files.delete(file);
            return;
        }
        Files.move(
                file,
                folder.resolve(name.substring(1, name.length() - GROWING.length())),
                StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
