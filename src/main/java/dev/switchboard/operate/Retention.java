package dev.switchboard.operate;

import dev.switchboard.settings.Setting;
import dev.switchboard.store.Store;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Erases the content of old finished messages, and later the messages themselves. One process at a time does so, in small commits,
 * and rests most of the time, so that lanes do not notice.
 */
public final class Retention implements AutoCloseable {

    private static final int AT_ONCE = 500;
    /** How many times as long as a commit it rests; a commit that had to wait for others counts as long, so a busy store is left alone. */
    private static final int REST = 19;
    /** The longest rest: new messages have to be erased some day too. */
    private static final long LONGEST_REST = 1_000;

    /** How soon to ask again whether the process that does this has ended. */
    private static final long TAKE_OVER = TimeUnit.SECONDS.toMillis(5);

    private static final long LOOK = TimeUnit.MINUTES.toMillis(1);

    private final Store store;
    private final Settings settings;
    private final Rounds rounds;
    private final Rounds files;
    private final Rounds encryption;

    /**
     * How long things are kept.
     *
     * @param bodies the content of finished messages, from when they were finished
     * @param messages their ids and outcomes
     * @param files dropped files that have been read, and their results; null: for ever
     */
    public record Settings(
            Duration bodies, Duration messages, @Nullable Duration files) {

        private static final String BODIES = "switchboard.retention.bodies";
        private static final String MESSAGES = "switchboard.retention.messages";
        private static final String FILES = "switchboard.retention.files";

        /**
         * Reads the settings.
         *
         * @throws IllegalArgumentException when one is wrong; the text names it
         */
        public static Settings read(SmallRyeConfig config) {
            var settings = new Settings(
                    Setting.read(config, "30d", Setting::time, BODIES),
                    Setting.read(config, "400d", Setting::time, MESSAGES),
                    Setting.read(config, "", text -> text.isEmpty() ? null : Setting.time(text), FILES));
            if (settings.messages.compareTo(settings.bodies) < 0) {
                throw new IllegalArgumentException(MESSAGES + ": must not be less than " + BODIES);
            }
            return settings;
        }
    }

    /**
     * Begins to look for old content.
     *
     * @param files deletes files of this process that were read before a time
     */
    public Retention(Store store, Settings settings, Consumer<Duration> files) {
        this.store = store;
        this.settings = settings;
        this.rounds = new Rounds("retention", store, this::round, LOOK);
        rounds.begin();
        this.files = new Rounds("retention-files", store, () -> deleteFiles(files), LOOK);
        if (settings.files != null) {
            this.files.begin();
        }
        this.encryption = new Rounds("encryption", store, this::encrypt, LOOK);
        if (store.retention().encrypts()) {
            encryption.begin();
        }
    }

    private long deleteFiles(Consumer<Duration> files) {
        files.accept(Objects.requireNonNull(settings.files));
        return LOOK;
    }

    /** Returns after how many milliseconds to look again. */
    private long round() {
        if (!store.retention().own().join()) {
            return TAKE_OVER;
        }
        long began = System.nanoTime();
        long now = System.currentTimeMillis();
        int done = store.retention()
                .forget(now - settings.bodies.toMillis(), now - settings.messages.toMillis(), AT_ONCE)
                .join();
        if (done == 0) {
            store.retention().emptyLog().join();
        }
        return done == 0 ? look() : rest(began);
    }

    /** Encrypts what was written before the newest key, if anything is left. */
    private long encrypt() {
        if (!store.retention().own().join()) {
            return TAKE_OVER;
        }
        long began = System.nanoTime();
        return store.retention().encrypt().join() ? rest(began) : LOOK;
    }

    private static long rest(long began) {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        return Math.min(LONGEST_REST, REST * Math.max(1, took));
    }

    private long look() {
        return Math.min(LOOK, Math.max(100, settings.bodies.toMillis() / 10));
    }

    @Override
    public void close() {
        rounds.close();
        files.close();
        encryption.close();
    }
}
