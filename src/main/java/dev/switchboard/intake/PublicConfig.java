package dev.switchboard.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The port for those who have no key: visitors of the start page, and vendors that call. */
@ConfigMapping(prefix = "switchboard.public")
public interface PublicConfig {

    /** Where it listens. */
    @WithDefault("127.0.0.1")
    String host();

    /** Its port; 0 takes a free one. */
    @WithDefault("8081")
    int port();
}
