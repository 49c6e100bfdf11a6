package dev.switchboard.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the folder of dropped files for one process, also where several have been given the same. The file that is locked
 * holds a name of the folder, by which its files are told from those of another folder on the same store.
 */
final class FolderLock {

    private static final int NAME_LENGTH = 36;

    private final Path file;
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;
    private String name = "";

    FolderLock(Path file) {
        this.file = file;
    }

    /** Says whether this process has the folder, and takes it if it is free. */
    synchronized boolean take() {
        try {
            if (lock == null) {
                channel = channel == null ? open() : channel;
                lock = channel.tryLock();
                name = lock == null ? "" : name(channel);
            }
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static String name(FileChannel channel) throws IOException {
        ByteBuffer kept = ByteBuffer.allocate(NAME_LENGTH);
        if (channel.read(kept, 0) == NAME_LENGTH) {
            return new String(kept.array(), StandardCharsets.US_ASCII);
        }
        String made = UUID.randomUUID().toString();
        channel.write(ByteBuffer.wrap(made.getBytes(StandardCharsets.US_ASCII)), 0);
        channel.force(true);
        return made;
    }

    /** Returns the folder's name, which stays the same wherever the folder is moved. */
    synchronized String name() {
        return name;
    }
}
