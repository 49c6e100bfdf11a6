package dev.switchboard;

import dev.switchboard.database.KeyFile;
import dev.switchboard.database.SqliteFile;
import dev.switchboard.lane.LaneSettings;
import dev.switchboard.log.LogMask;
import dev.switchboard.operate.Webhook;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the settings that the parts of the bus share. */
final class BusSettings {

    /** SWITCHBOARD_URL and SWITCHBOARD_KEY are for commands that talk to a bus; they may be set where a bus is started, too. */
    private static final Pattern KNOWN = Pattern.compile(
            "switchboard\\.((url|key|data-dir|shutdown\\.delay|insecure|host-names|routes\\.dir|sandbox\\.enabled|retention\\.(bodies|messages|files)|store\\.(url|username|password|max-size|key-file)|oidc\\.(issuer|client-id|client-secret|audience|(name|roles|lanes)-claim|roles\\.(sender|reader|operator|admin)))|(broker|files|lane|circuit|console|events|start|public|vendors)\\..+)");

    private static final Pattern SECRET = Pattern.compile(
            "(?i)(switchboard|quarkus)[._].*(password|secret|token|extra.key|inbound.(login|header|hmac.key))");

    private static final String MAX_SIZE = "switchboard.store.max-size";

    private BusSettings() {}

    /**
     * Reads all sources as they are now: files may have changed since the start; the environment and -D never do.
     *
     * @throws IllegalArgumentException when one cannot be read
     */
    static SmallRyeConfig now() {
        try {
            return ConfigUtils.configBuilder().build();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // a parser may quote the file, and a secret with it, so its message is left out
            throw new IllegalArgumentException(
                    "a file of settings cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Refuses names that are not read anywhere; settings below a known name are checked where they are read.
     *
     * @throws IllegalArgumentException naming the setting
     */
    static void refuseUnknown(SmallRyeConfig config) {
        config.getConfigSources()
                .forEach(source -> source.getPropertyNames().stream()
                        .filter(name -> name.startsWith("switchboard.")
                                && !KNOWN.matcher(name).matches())
                        .findFirst()
                        .ifPresent(name -> {
                            throw new IllegalArgumentException(name + ": is not a setting");
                        }));
    }

    /** Keeps secrets out of the log: those of vendors are hidden where they are read, and these may have been written anywhere. */
    static void hideSecrets(SmallRyeConfig config) {
        for (String name : config.getPropertyNames()) {
            if (SECRET.matcher(name).matches()) {
                config.getOptionalValue(name, String.class).ifPresent(LogMask::hide);
            }
        }
    }

    /**
     * Reads the packaged routes and the operator's.
     *
     * @throws IllegalArgumentException when the operator's folder is not a folder
     */
    static RouteFolder routeFolder(SmallRyeConfig config) {
        return RouteFolder.read(
                config.getOptionalValue("switchboard.routes.dir", String.class).map(Path::of));
    }

    /** Returns the folder of the embedded broker; it and the data folder are made, so that only this user can open them. */
    static Path brokerDir(SmallRyeConfig config) {
        Path folder = dataDir(config).resolve("broker");
        SqliteFile.makeFolder(folder);
        SqliteFile.makeFolder(folder.resolve("journal"));
        return folder;
    }

    /** Returns the folder of the store and of the embedded broker. */
    static Path dataDir(SmallRyeConfig config) {
        return Path.of(
                config.getOptionalValue("switchboard.data-dir", String.class).orElse("data"));
    }

    /**
     * Opens the store: {@code switchboard.store.url} ({@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}) with its
     * {@code username}, {@code password} and {@code key-file}; by default a file in the data folder.
     *
     * @throws IllegalArgumentException when one of them is wrong
     */
    static Store store(SmallRyeConfig config) {
        Store store = Store.open(
                storeUrl(config),
                config.getOptionalValue("switchboard.store.username", String.class)
                        .orElse(""),
                config.getOptionalValue("switchboard.store.password", String.class)
                        .orElse(""),
                keyFile(config).orElse(null));
        config.getOptionalValue(MAX_SIZE, String.class).ifPresent(size -> store.limit(size(size)));
        return store;
    }

    /**
     * Returns the webhook of the events: {@code switchboard.events.webhook.url} and {@code secret}.
     *
     * @throws IllegalArgumentException when one of them is wrong
     */
    static Webhook webhook(SmallRyeConfig config) {
        return new Webhook(
                config.getOptionalValue("switchboard.events.webhook.url", String.class),
                config.getOptionalValue("switchboard.events.webhook.secret", String.class));
    }

    private static long size(String text) {
        try {
            return LaneSettings.size(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(MAX_SIZE + ": " + e.getMessage(), e);
        }
    }

    /** Returns the file of the keys that the store is encrypted with. */
    static Optional<Path> keyFile(SmallRyeConfig config) {
        return config.getOptionalValue(KeyFile.SETTING, String.class).map(Path::of);
    }

    /** Returns the address of the store. */
    static String storeUrl(SmallRyeConfig config) {
        return config.getOptionalValue("switchboard.store.url", String.class)
                .orElseGet(() -> "jdbc:sqlite:" + dataDir(config).resolve("switchboard.db"));
    }

    /** Returns whether accounts talk to stand-ins. */
    static boolean sandbox(SmallRyeConfig config) {
        return config.getOptionalValue("switchboard.sandbox.enabled", Boolean.class)
                .orElse(false);
    }
}
