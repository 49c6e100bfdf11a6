package dev.switchboard.operate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** The start page that anyone may open. */
@ConfigMapping(prefix = "switchboard.start")
public interface StartConfig {

    /** Whether {@code /start/…} answers without a key, on its own port. */
    @WithName("public")
    @WithDefault("false")
    boolean isPublic();

    /** Where it listens. */
    @WithDefault("127.0.0.1")
    String host();

    /** Its port; 0 takes a free one. */
    @WithDefault("8081")
    int port();

    /** How many visits per second are answered, of all visitors together. */
    @WithDefault("100")
    int perSecond();

    /** How many visits per second are answered from one address. */
    @WithDefault("10")
    int perSecondOfOne();
}
