package dev.switchboard;

import dev.switchboard.batch.BatchReader;
import dev.switchboard.batch.FilesConfig;
import dev.switchboard.batch.Inbox;
import dev.switchboard.intake.Intakes;
import dev.switchboard.operate.Retention;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** Dropped and uploaded files: their settings, their folder and who reads them. */
@Singleton
final class BusFiles {

    private final SmallRyeConfig config;

    BusFiles(Config config) {
        this.config = config.unwrap(SmallRyeConfig.class);
    }

    @Produces
    @Singleton
    FilesConfig files(MessageCheck check) {
        return Bus.checked(() -> FilesConfig.read(config, check.fields()));
    }

    @Produces
    @Singleton
    @Named("inbox")
    Inbox inbox(FilesConfig settings) {
        return Bus.checked(() -> new Inbox(settings));
    }

    @Produces
    @Singleton
    @Named("batchReader")
    BatchReader batchReader(
            Store store, MessageCheck check, SenderLimits limits, Inbox inbox, FilesConfig settings, Intakes intakes) {
        return new BatchReader(store, check, limits, inbox, settings.profiles(), intakes);
    }

    @Produces
    @Singleton
    Retention retention(Store store, Inbox inbox) {
        return Bus.checked(() -> new Retention(store, Retention.Settings.read(config), inbox::forget));
    }

    void close(@Disposes Retention retention) {
        retention.close();
    }
}
