package dev.switchboard.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the folder of dropped files for one process, even where several are configured with the same. A file next to the lock
 * holds a name for the folder, which distinguishes its files from those of another folder on the same store.
 */
final class FolderLock {

    private final FileChannel channel;
    private final String name;
    private @Nullable FileLock lock;

    FolderLock(Path folder) {
        try {
            this.channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            this.name = name(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("switchboard.files.dir: cannot write to " + folder, e);
        }
    }

    /** Writes the name at once and once only, even if two processes start together. */
    private static String name(Path folder) throws IOException {
        Path file = folder.resolve(".name");
        if (!Files.exists(file)) {
            Path made = Files.createTempFile(folder, ".name", null);
            Files.writeString(made, UUID.randomUUID().toString());
            try {
                Files.createLink(file, made);
            } catch (FileAlreadyExistsException e) {
                return Files.readString(file);
            } finally {
                Files.delete(made);
            }
        }
        return Files.readString(file);
    }

    /** Returns whether this process has the folder, and takes it if it is free. */
    synchronized boolean take() {
        try {
            lock = lock == null ? channel.tryLock() : lock;
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("switchboard.files.dir: cannot lock the folder", e);
        }
    }

    /** Returns the folder's name, which stays the same wherever the folder is moved. */
    String name() {
        return name;
    }
}
