package dev.switchboard.batch;

import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where files are dropped, and how they are read: {@code switchboard.files.*}.
 *
 * @param dir the folder that holds {@code inbox/}, {@code working/}, {@code done/}, {@code failed/} and {@code results/}
 * @param maxUpload how many bytes an uploaded file may have
 * @param written how results and rejected records are written
 * @param profiles how the files of each folder are read
 */
public record FilesConfig(String dir, long maxUpload, Written written, Profiles profiles) {

    /**
     * How files are written for others.
     *
     * @param excel whether people open them in a spreadsheet: no cell is a formula then, and UTF-8 has its byte order mark
     * @param permissions who may read and write them
     */
    record Written(boolean excel, Set<PosixFilePermission> permissions) {

        private static final FileAttribute<?> OWN =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

        /** Makes a file that others can open as far as they may, whatever the umask is. */
        FileChannel create(Path file) throws IOException {
            Files.deleteIfExists(file);
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                return FileChannel.open(file, options);
            }
            FileChannel channel = FileChannel.open(file, options, OWN);
            Files.setPosixFilePermissions(file, permissions);
            return channel;
        }
    }

    /**
     * Reads the settings.
     *
     * @param fields the fields that messages may have
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static FilesConfig read(SmallRyeConfig config, Set<String> fields) {
        String dir = config.getOptionalValue(ProfileSettings.SHARED + "dir", String.class)
                .orElse("files");
        var settings = new ProfileSettings(config, Set.copyOf(fields));
        return new FilesConfig(dir, settings.maxUpload(), settings.written(), Profiles.read(settings));
    }
}
