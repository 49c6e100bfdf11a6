package dev.switchboard.batch;

import dev.switchboard.store.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The folders of dropped files. Nothing in them is ever replaced by another file of the same name. */
final class Folders {

    private final Path root;
    private final FolderLock lock;

    Folders(Path root) {
        this.root = root;
        for (String each : new String[] {"inbox", "working", "done", "failed", "results"}) {
            make(root.resolve(each));
        }
        this.lock = new FolderLock(working());
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

    /** Says whether this process has the folders; another may have been given the same. */
    boolean mine() {
        return lock.take();
    }

    /** Returns a name of these folders that stays the same wherever they are moved. */
    String name() {
        return lock.name();
    }

    /** Returns a file in {@code working/} as the store knows it, whatever else the store knows of the same name. */
    Batch.Origin origin(Path file) {
        Path within = working().relativize(file);
        String profile = within.getNameCount() > 1 ? within.getName(0).toString() : "";
        return new Batch.Origin(String.valueOf(file.getFileName()), name() + "/" + within, name(), profile);
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
            return moveTo(file, target.resolveSibling(withId(name, id)));
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

    /** A rename replaces silently, so the name is taken first, by a link to the file or by an empty file of ours. */
    private static Path moveNew(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
            Files.delete(file);
        } catch (UnsupportedOperationException e) {
            Files.createFile(target);
            Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return target;
    }

    /** Puts an id before the ending of a name. */
    static String withId(String name, String id) {
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name + "." + id : name.substring(0, dot) + "." + id + name.substring(dot);
    }
}
