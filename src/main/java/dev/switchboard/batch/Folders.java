package dev.switchboard.batch;

import dev.switchboard.message.Visible;
import dev.switchboard.records.FileName;
import dev.switchboard.store.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of dropped files. Nothing in them is ever replaced by another file of the same name. */
final class Folders {

    private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

    private final Path root;
    private final FolderLock lock;
    private final Object beginning = new Object();
    private boolean tidy;

    Folders(Path root) {
        this.root = root;
        for (String each : new String[] {"inbox", "working", "done", "failed", "results", "uploads"}) {
            make(root.resolve(each));
        }
        this.lock = new FolderLock(working());
        mine();
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "switchboard.files.dir: cannot make " + folder + ": " + e.getMessage(), e);
        }
    }

    Path working() {
        return root.resolve("working");
    }

    /** Returns whether this process has the folders; another may be configured with the same. */
    synchronized boolean mine() {
        boolean mine = lock.take();
        if (mine && !tidy) {
            tidy = true;
            removeUploads();
        }
        return mine;
    }

    /** Removes what was being uploaded when an earlier process ended. */
    private void removeUploads() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(uploads())) {
            for (Path each : left) {
                Files.delete(each);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("What was left of uploads cannot be removed from {}: {}", uploads(), e.getMessage());
        }
    }

    /**
     * Begins the batch of a file while no other is begun: a file that is put into {@code working/} has its batch before
     * it is read.
     */
    <T> T begin(Supplier<T> batch) {
        synchronized (beginning) {
            return batch.get();
        }
    }

    /** Returns a name of these folders that stays the same wherever they are moved. */
    String name() {
        return lock.name();
    }

    /** Returns a file in {@code working/} as the store knows it, whatever else the store knows of the same name. */
    Batch.Origin origin(Path file, @Nullable String sender) {
        Path within = working().relativize(file);
        String profile = within.getNameCount() > 1 ? within.getName(0).toString() : "";
        return new Batch.Origin(String.valueOf(file.getFileName()), name() + "/" + within, name(), profile, sender);
    }

    /** Returns where the file of a batch is as long as it is read. */
    Path file(Batch.Origin origin) {
        return working().resolve(origin.profile()).resolve(origin.name());
    }

    /** Makes the folders in which files of a profile are dropped and read. */
    void makeFor(String profile) {
        make(root.resolve("inbox").resolve(profile));
        make(working().resolve(profile));
    }

    /** Returns the folders in which files of profiles are dropped and read. */
    List<Path> lookedInto(Set<String> profiles) {
        return Stream.concat(Stream.of(""), profiles.stream())
                .flatMap(each ->
                        Stream.of(root.resolve("inbox").resolve(each), working().resolve(each)))
                .distinct()
                .toList();
    }

    /** Returns the folders for files that were read, and for their results. */
    List<Path> writtenTo() {
        return List.of(root.resolve("done"), root.resolve("failed"), results());
    }

    /** Returns whether a file that has been read can be moved away; otherwise it would be read again and again. */
    boolean putsAway() {
        return writtenTo().stream().allMatch(folder -> Files.isDirectory(folder) && Files.isWritable(folder));
    }

    /** Returns the folder of files that are being uploaded. */
    Path uploads() {
        return root.resolve("uploads");
    }

    /** Deletes files that were read, and results, from before a time. */
    void forget(Instant before) {
        for (String folder : List.of("done", "failed", "results")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(folder))) {
                for (Path each : files) {
                    if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)
                            && cameThere(each).isBefore(before)) {
                        Files.deleteIfExists(each);
                        LOG.info(
                                "{}/{} is deleted: it is old",
                                folder,
                                Visible.of(each.getFileName().toString()));
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                LOG.warn("Old files cannot be deleted from {}: {}", root.resolve(folder), e.getMessage());
            }
        }
    }

    /** A moved file keeps the time of its content, so on Unix the time of the move is taken. */
    private static Instant cameThere(Path file) throws IOException {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        Object time = Files.getAttribute(file, unix ? "unix:ctime" : "lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        return ((FileTime) time).toInstant();
    }

    Path results() {
        return root.resolve("results");
    }

    /** Moves a file into a folder, under its name or, where that is taken, under one that carries an id. */
    Path move(Path file, String folder, String name, String id) {
        Path target = root.resolve(folder).resolve(name);
        try {
            return moveNew(file, target);
        } catch (FileAlreadyExistsException taken) {
            if (movedHalf(file, target)) {
                return target;
            }
            return moveTo(file, target.resolveSibling(FileName.withId(name, id, FileName.LONGEST)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + file + " to " + target, e);
        }
    }

    /** A kill between the link and the removal leaves the file under both names. */
    private static boolean movedHalf(Path file, Path target) {
        try {
            if (!Files.isSameFile(file, target)) {
                return false;
            }
            Files.delete(file);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + file + " to " + target, e);
        }
    }

    private static Path moveTo(Path file, Path target) {
        try {
            return moveNew(file, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + file + " to " + target, e);
        }
    }

    /** A rename replaces silently, so the name is taken first, by a link to the file. */
    private static Path moveNew(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException taken) {
            throw taken;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return rename(file, target);
        }
        Files.delete(file);
        return target;
    }

    /** Linux allows no link to another user's file that one may not write, and some disks have no links; only this process uses the folders. */
    private static Path rename(Path file, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        return Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
