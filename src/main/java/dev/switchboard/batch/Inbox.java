package dev.switchboard.batch;

import dev.switchboard.message.MessageId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files when they are whole: when they have stopped growing, or at once where {@code <name>.done} lies beside them. */
public final class Inbox implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);
    private static final String DONE = ".done";

    private final Folders folders;
    private final Set<String> profiles;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Map<String, Look> seen = new ConcurrentHashMap<>();

    /**
     * Makes the folders.
     *
     * @throws IllegalArgumentException when that cannot be done; the text names the setting
     */
    public Inbox(FilesConfig config) {
        this.folders = new Folders(Path.of(config.dir()).toAbsolutePath());
        this.profiles = config.profiles().names();
        profiles.forEach(folders::makeFor);
    }

    Folders folders() {
        return folders;
    }

    /** Returns a name of the folder of dropped files, by which a process finds the results that it has to write. */
    public String folder() {
        return folders.name();
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        if (file.isDirectory()) {
            return entered(file);
        }
        if (unfinished(file.getFileNameOnly()) || !folders.mine()) {
            return false;
        }
        return marker(file.getFile().toPath()).toFile().exists() || quiet(file);
    }

    /** Only the folders of profiles are looked into. */
    private boolean entered(GenericFile<File> folder) {
        boolean known = profiles.contains(folder.getFileNameOnly());
        if (!known && !folder.getFileNameOnly().startsWith(".") && told.add(folder.getFileNameOnly())) {
            LOG.warn(
                    "{} is a folder without a profile (switchboard.files.profiles.{}.*): what lies in it is not taken",
                    folder.getFile(),
                    folder.getFileNameOnly());
        }
        return known;
    }

    /** The file's own time is no help: many a program sets it when it copies, and the clock may have been set. */
    private boolean quiet(GenericFile<File> file) {
        long now = System.nanoTime();
        seen.values().removeIf(look -> now - look.nanos > FORGOTTEN.toNanos());
        Look look = seen.merge(
                file.getFile().getPath(),
                new Look(file.getFileLength(), file.getLastModified(), now, now),
                (before, latest) -> before.same(latest) ? before.again(now) : latest);
        return look.nanos - look.since >= QUIET.toNanos();
    }

    /** How a file looked, since when and until when. */
    private record Look(long length, long modified, long since, long nanos) {
        boolean same(Look other) {
            return length == other.length && modified == other.modified;
        }

        Look again(long now) {
            return new Look(length, modified, since, now);
        }
    }

    private static boolean unfinished(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(".") || lower.endsWith(".part") || lower.endsWith(".tmp") || lower.endsWith(DONE);
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + DONE);
    }

    /**
     * Moves a file into {@code working/}; the marker goes first, so that it never stands for the next file of the name. A
     * file that cannot be moved stays, which is told once, and is tried again at the next look.
     */
    public void take(File file) {
        String folder = file.getAbsoluteFile().getParentFile().getName();
        String to = profiles.contains(folder) ? "working/" + folder : "working";
        try {
            Files.deleteIfExists(marker(file.toPath()));
            folders.move(file.toPath(), to, file.getName(), MessageId.next());
            told.remove(file.getPath());
        } catch (IOException | UncheckedIOException e) {
            if (told.add(file.getPath())) {
                LOG.warn("{} cannot be taken, and is tried again until it can: {}", file, reason(e));
            }
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof AccessDeniedException) {
            return "the bus lacks the permission";
        }
        return cause instanceof FileSystemException at && at.getReason() != null ? at.getReason() : cause.toString();
    }
}
