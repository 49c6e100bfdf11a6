package dev.switchboard.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A regular file at one moment. Nothing else is taken or opened: a link could lead to a file that its sender may not read, and
 * a pipe could block the reader for ever.
 */
public record Standing(long length, FileTime modified) {

    /**
     * Looks at a file.
     *
     * @throws Records.Unreadable when it is a link, a folder, a pipe or a device
     */
    public static Standing of(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
            String kind = found.isSymbolicLink() ? "link" : found.isDirectory() ? "folder" : "pipe, socket or device";
            throw new Records.Unreadable("it is a " + kind + ", not a file");
        }
        return new Standing(found.size(), found.lastModifiedTime());
    }

    /** Opens a file; fails if a link has replaced it since the look. */
    public static InputStream open(Path file) throws IOException {
        of(file);
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }
}
