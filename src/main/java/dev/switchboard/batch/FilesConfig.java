package dev.switchboard.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where files are dropped, and where they go. */
@ConfigMapping(prefix = "switchboard.files")
public interface FilesConfig {

    /** The folder that holds {@code inbox/}, {@code working/}, {@code done/}, {@code failed/} and {@code results/}. */
    @WithDefault("files")
    String dir();
}
