package dev.switchboard;

import dev.switchboard.database.Database;
import dev.switchboard.database.KeyFile;
import dev.switchboard.database.SqliteFile;
import dev.switchboard.log.LogMask;
import dev.switchboard.operate.Webhook;
import dev.switchboard.settings.Setting;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the settings that the parts of the bus share. */
final class BusSettings {

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
                login(config, "username"),
                login(config, "password"),
                keyFile(config).orElse(null));
        maxSize(config).ifPresent(store::limit);
        return store;
    }

    /**
     * Refuses a store that a command would have to make or to bring up to date: the bus that starts does that, as another may run on it.
     *
     * @param absent whether there may be none yet
     * @throws IllegalArgumentException saying what to do
     */
    static void requireStore(SmallRyeConfig config, boolean absent) {
        Optional<String> version =
                Database.version(storeUrl(config), login(config, "username"), login(config, "password"));
        if (version.isEmpty() && !absent) {
            throw new IllegalArgumentException(
                    storeUrl(config).replaceAll("//[^/@]*@", "//").replaceAll("[?].*", "")
                            + ": there is no store yet. ./switchboard start or key create makes it.");
        }
        version.filter(found -> !found.equals(Database.VERSION)).ifPresent(found -> {
            throw new IllegalArgumentException("the store has schema version " + found + ", this program's is "
                    + Database.VERSION + ": ./switchboard start brings an older one up to date");
        });
    }

    private static String login(SmallRyeConfig config, String name) {
        return config.getOptionalValue("switchboard.store." + name, String.class)
                .orElse("");
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

    /** Returns how many bytes the store may take, if that is limited. */
    static Optional<Long> maxSize(SmallRyeConfig config) {
        return Setting.read(
                config,
                "",
                text -> Optional.of(text).filter(set -> !set.isEmpty()).map(Setting::size),
                MAX_SIZE);
    }

    /** Returns how long a session of the console may last. */
    static Duration sessionLifetime(SmallRyeConfig config) {
        return Setting.read(config, "12h", Setting::someTime, "switchboard.console.session-lifetime");
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
