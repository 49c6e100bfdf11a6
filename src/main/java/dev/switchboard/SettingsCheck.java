package dev.switchboard;

import dev.switchboard.batch.FilesConfig;
import dev.switchboard.database.KeyFile;
import dev.switchboard.delivery.Judge;
import dev.switchboard.delivery.VendorNetwork;
import dev.switchboard.inbound.Receiver;
import dev.switchboard.intake.Broker;
import dev.switchboard.intake.BrokerConfig;
import dev.switchboard.intake.PublicConfig;
import dev.switchboard.lane.LaneSettings;
import dev.switchboard.operate.Retention;
import dev.switchboard.operate.StartConfig;
import dev.switchboard.sandbox.Sandbox;
import dev.switchboard.security.OpenIdSettings;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;

/** Reads settings as the start does, but opens nothing: no store, no broker, no port. */
final class SettingsCheck {

    // Accounts of the sandbox need an address; this check does not call it.
    private static final int NO_PORT = 9900;

    private final SmallRyeConfig config;
    private final RouteFolder folder;
    private final List<Vendor> all;
    private final Vendors vendors;

    /**
     * Reads the routes, the vendors and their accounts.
     *
     * @throws IllegalArgumentException when a setting or file is wrong; the text names it
     */
    SettingsCheck(SmallRyeConfig config) {
        this.config = config;
        this.folder = BusSettings.routeFolder(config);
        this.all = List.copyOf(Vendor.readAll(folder));
        Map<String, String> presets = BusSettings.sandbox(config) ? Sandbox.settings(all, NO_PORT) : Map.of();
        this.vendors = new Vendors(all, config, presets);
    }

    /** Returns the accounts that are configured. */
    Vendors vendors() {
        return vendors;
    }

    /** Returns the check of messages, for the accounts that are configured. */
    MessageCheck messages() {
        return new MessageCheck(folder, vendors);
    }

    /**
     * Reads all other settings and the fail-code tables.
     *
     * @throws IllegalArgumentException when a setting or file is wrong; the text names it
     */
    void readAll() {
        FilesConfig.read(config, messages().fields());
        LaneSettings.shared(config);
        vendors.accounts()
                .forEach(account -> LaneSettings.read(config, account.vendor().name(), account.name()));
        Retention.Settings.read(config);
        BusSettings.webhook(config);
        BusSettings.maxSize(config);
        BusSettings.sessionLifetime(config);
        BusSettings.keyFile(config).ifPresent(KeyFile::read);
        OpenIdSettings.read(config);
        new VendorNetwork(config);
        new Judge(folder, all);
        BrokerConfig broker = mapped().getConfigMapping(BrokerConfig.class);
        Receiver.check(vendors, broker.url());
        Broker.check(broker);
    }

    /** Reads the settings that Quarkus maps to interfaces. */
    private SmallRyeConfig mapped() {
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(BrokerConfig.class)
                .withMapping(PublicConfig.class)
                .withMapping(StartConfig.class);
        config.getConfigSources().forEach(builder::withSources);
        try {
            return builder.build();
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
