package dev.switchboard.batch;

import dev.switchboard.message.MessageId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/** Takes files when they are whole: when they have stopped growing, or at once where {@code <name>.done} lies beside them. */
public final class Inbox implements GenericFileFilter<File> {

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final String DONE = ".done";

    private final Folders folders;

    /**
     * Makes the folders.
     *
     * @throws IllegalArgumentException when that cannot be done; the text names the setting
     */
    public Inbox(FilesConfig config) {
        this.folders = new Folders(Path.of(config.dir()));
    }

    Folders folders() {
        return folders;
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        if (file.isDirectory() || unfinished(file.getFileNameOnly())) {
            return false;
        }
        boolean quiet = System.currentTimeMillis() - file.getLastModified() >= QUIET.toMillis();
        return quiet || marker(file.getFile().toPath()).toFile().exists();
    }

    private static boolean unfinished(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(".") || lower.endsWith(".part") || lower.endsWith(".tmp") || lower.endsWith(DONE);
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + DONE);
    }

    /** Moves a file into {@code working/}; the marker goes first, so that it never stands for the next file of the name. */
    public void take(File file) {
        try {
            Files.deleteIfExists(marker(file.toPath()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the marker of " + file, e);
        }
        folders.move(file.toPath(), "working", file.getName(), MessageId.next());
    }
}
