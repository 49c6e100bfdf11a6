package dev.switchboard.batch;

import io.smallrye.config.SmallRyeConfig;
import java.util.Set;

/**
 * Where files are dropped, and how they are read: {@code switchboard.files.*}.
 *
 * @param dir the folder that holds {@code inbox/}, {@code working/}, {@code done/}, {@code failed/} and {@code results/}
 * @param maxUpload how many bytes an uploaded file may have
 * @param profiles how the files of each folder are read
 */
public record FilesConfig(String dir, long maxUpload, Profiles profiles) {

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
        return new FilesConfig(dir, settings.maxUpload(), Profiles.read(settings));
    }
}
