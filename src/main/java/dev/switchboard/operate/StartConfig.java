package dev.switchboard.operate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** The start page that anyone may open. */
@ConfigMapping(prefix = "switchboard.start")
public interface StartConfig {

    /** Whether {@code /start/…} answers without a key, on the public port. */
    @WithName("public")
    @WithDefault("false")
    boolean isPublic();

    /** How many visits per second are answered, of all visitors together. */
    @WithDefault("100")
    int perSecond();

    /** How many visits per second are answered from one address. */
    @WithDefault("10")
    int perSecondOfOne();
}
