package dev.switchboard.batch;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Visible;
import dev.switchboard.records.FileName;
import dev.switchboard.records.Format;
import dev.switchboard.records.Gunzip;
import dev.switchboard.records.Profile;
import dev.switchboard.records.Records;
import dev.switchboard.records.Standing;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes regular files when they are whole: when they have been the same for a while, or at once when there is a {@code
 * <name>.done}. What it never takes, or waits for too long, it logs once and leaves alone.
 */
public final class Inbox implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int LONGEST_MARK = 4;
    private static final int LONGEST_PACKED = 4096;
    private static final Profile.Limits NO_LIMITS = new Profile.Limits(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final Pattern MARK =
            Pattern.compile("\u00ef\u00bb\u00bf|[\u00fe\u00ff]{2}\\x00*|\\x00*[\u00fe\u00ff]{2}");
    private static final Standing NONE = new Standing(-1, FileTime.fromMillis(0));

    private final Folders folders;
    private final Profiles profiles;
    private final Set<String> names;
    private final LongSupplier clock;
    private final Map<String, Look> seen = new ConcurrentHashMap<>();
    private long swept;

    /** How a file has been since a time. */
    private static final class Look {
        private Standing standing = NONE;
        private long since;
        private long last;
        private boolean marked;
        private boolean told;

        Look(long now) {
            this.since = now;
        }
    }

    /**
     * Makes the folders.
     *
     * @throws IllegalArgumentException when that cannot be done; the text names the setting
     */
    public Inbox(FilesConfig config) {
        this(config, System::nanoTime);
    }

    Inbox(FilesConfig config, LongSupplier clock) {
        this.folders = new Folders(Path.of(config.dir()).toAbsolutePath());
        this.profiles = config.profiles();
        this.names = profiles.names();
        this.clock = clock;
        this.swept = clock.getAsLong();
        names.forEach(folders::makeFor);
    }

    Folders folders() {
        return folders;
    }

    /** Returns why dropped files cannot be seen, read or put away; null where they can. */
    @Nullable
    String blind() {
        return Stream.concat(
                        folders.lookedInto(names).stream()
                                .map(each -> fault(each, Files.isReadable(each) && Files.isExecutable(each), "read")),
                        folders.writtenTo().stream().map(each -> fault(each, Files.isWritable(each), "written")))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private static Optional<String> fault(Path folder, boolean allowed, String what) {
        if (!Files.isDirectory(folder)) {
            return Optional.of("There is no folder " + folder + ". Make it again.");
        }
        return allowed
                ? Optional.empty()
                : Optional.of("The folder " + folder + " cannot be " + what + ": the bus lacks the permission.");
    }

    /** Returns a name of the folder of dropped files, by which a process finds the results that it has to write. */
    public String folder() {
        return folders.name();
    }

    /** Deletes files that were read, and results, once they have been in their folder for so long. */
    public void forget(Duration kept) {
        if (folders.mine()) {
            folders.forget(Instant.now().minus(kept));
        }
    }

    /** Never throws: one odd thing in the folder must not stop the others. */
    @Override
    public boolean accept(GenericFile<File> file) {
        String name = file.getFileNameOnly();
        if (FileName.isTemporary(name) || !folders.mine()) {
            return false;
        }
        Look look = look(file.getFile());
        Optional<String> odd = FileName.fault(name);
        if (odd.isPresent()) {
            return leave(file.getFile(), look, odd.get() + ": rename it");
        }
        try {
            Path path = file.getFile().toPath();
            return file.isDirectory() ? entered(path, look) : taken(path, look);
        } catch (InvalidPathException e) {
            return leave(file.getFile(), look, "its name cannot be read with the bus's character set");
        } catch (Records.Unreadable e) {
            return leave(file.getFile(), look, e.getMessage());
        } catch (IOException e) {
            return !(e instanceof NoSuchFileException) && leave(file.getFile(), look, reason(e));
        }
    }

    private Look look(File file) {
        long now = clock.getAsLong();
        if (now - swept > FORGOTTEN.toNanos()) {
            seen.values().removeIf(look -> now - look.last > FORGOTTEN.toNanos());
            swept = now;
        }
        Look look = seen.computeIfAbsent(file.getPath(), any -> new Look(now));
        look.last = now;
        return look;
    }

    private static boolean leave(File file, Look look, @Nullable String why) {
        return tell(file, look, " is left alone: " + why);
    }

    private static boolean tell(File file, Look look, String what) {
        if (!look.told) {
            look.told = true;
            LOG.warn("{}", Visible.of(file.getPath() + what));
        }
        return false;
    }

    /** Only the folders of profiles are looked into. */
    private boolean entered(Path folder, Look look) {
        if (Files.isSymbolicLink(folder)) {
            return leave(folder.toFile(), look, "it is a link, not a folder");
        }
        String name = String.valueOf(folder.getFileName());
        return names.contains(name)
                || leave(
                        folder.toFile(),
                        look,
                        "it is a folder without a profile (switchboard.files.profiles." + name + ".*)");
    }

    /** A file's own time alone is no help: many a program sets it when it copies, and the clock may have been set. */
    private boolean taken(Path file, Look look) throws IOException {
        Standing now = Standing.of(file);
        if (!now.equals(look.standing)) {
            look.standing = now;
            look.since = look.last;
            look.told = false;
        }
        look.marked |= isMarker(marker(file));
        if (look.marked) {
            return true;
        }
        Profile.Taking taking = profiles.of(profile(file)).taking();
        Duration same = Duration.ofNanos(look.last - look.since);
        String waits = waitsFor(file, taking);
        if (waits != null && same.compareTo(LONG) >= 0) {
            return leave(file.toFile(), look, waits);
        }
        return waits == null && same.compareTo(taking.quiet()) >= 0;
    }

    /** Returns what a file without a marker waits for; null where it waits only until it is quiet. */
    private static @Nullable String waitsFor(Path file, Profile.Taking taking) throws IOException {
        String name = String.valueOf(file.getFileName());
        String marker = name + FileName.DONE;
        if (taking.requireDone()) {
            return "there is no " + marker + ", and switchboard.files.require-done is true";
        }
        if (isEmpty(file, name)) {
            return "it is empty. If it is meant to be empty, add an empty " + marker;
        }
        return FileName.maybeTemporary(name)
                ? "its name looks like that of an unfinished upload. If it is complete, add an empty " + marker
                : null;
    }

    /** Some programs write a byte order mark or the head of a GZIP, and the rest later. */
    static boolean isEmpty(Path file, String name) throws IOException {
        boolean packed = Format.isPacked(name);
        if (Standing.of(file).length() > (packed ? LONGEST_PACKED : LONGEST_MARK)) {
            return false;
        }
        try (InputStream in = Standing.open(file)) {
            String content = beginning(packed ? new Gunzip(in, NO_LIMITS) : in);
            return content.length() <= LONGEST_MARK
                    && (content.isBlank() || MARK.matcher(content).matches());
        } catch (ZipException e) {
            return false;
        }
    }

    private static String beginning(InputStream in) throws IOException {
        var content = new StringBuilder();
        try {
            int octet = in.read();
            while (octet >= 0 && content.length() <= LONGEST_MARK) {
                content.append((char) octet);
                octet = in.read();
            }
        } catch (EOFException e) {
            // the GZIP is not whole yet
        }
        return content.toString();
    }

    private String profile(Path file) {
        String folder = String.valueOf(file.toAbsolutePath().resolveSibling("").getFileName());
        return names.contains(folder) ? folder : "";
    }

    private static boolean isMarker(Path marker) {
        return Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + FileName.DONE);
    }

    /**
     * Moves a file into {@code working/}; the marker goes first, so that it never stands for the next file of the name. A
     * file that cannot be moved stays, which is told once, and is tried again at the next look.
     */
    public void take(File file) {
        Path marker = marker(file.toPath());
        try {
            if (isMarker(marker)) {
                Files.delete(marker);
            }
            folders.move(file.toPath(), "working/" + profile(file.toPath()), file.getName(), MessageId.next());
            seen.remove(file.getPath());
        } catch (IOException | UncheckedIOException e) {
            tell(file, look(file), " cannot be taken, and is tried again until it can: " + reason(e));
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
