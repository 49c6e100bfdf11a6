package dev.switchboard;

import dev.switchboard.access.AccessStore;
import dev.switchboard.security.Access;
import dev.switchboard.security.BoundedAudit;
import dev.switchboard.security.Exposure;
import dev.switchboard.security.Keys;
import dev.switchboard.security.OpenIdProvider;
import dev.switchboard.security.OpenIdSettings;
import dev.switchboard.security.Sessions;
import dev.switchboard.security.SignOn;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may do what: keys, and the sessions of the console. */
@Singleton
final class BusAccess {

    private static final Logger LOG = LoggerFactory.getLogger(BusAccess.class);

    private final SmallRyeConfig config;

    BusAccess(Config config) {
        this.config = config.unwrap(SmallRyeConfig.class);
    }

    @Produces
    @Singleton
    AccessStore accessStore(Store store) {
        return store.access();
    }

    @Produces
    @Singleton
    Keys keys(AccessStore store, Optional<SignOn> signOn) {
        return Bus.checked(() -> {
            var keys = new Keys(store, signOn.isPresent());
            new Exposure(config, keys.isOpen()).check();
            if (keys.isOpen()) {
                LOG.info("There is no API key yet, so there is no access control."
                        + " ./switchboard key create makes one.");
            }
            return keys;
        });
    }

    @Produces
    @Singleton
    Optional<SignOn> signOn(Vertx vertx) {
        return Bus.checked(() -> OpenIdSettings.read(config))
                .map(settings -> new SignOn(new OpenIdProvider(settings), vertx));
    }

    @Produces
    @Singleton
    @Named("access")
    Access access(Keys keys, RouteFolder folder, BoundedAudit audit) {
        return Bus.checked(() -> new Access(keys, folder, audit));
    }

    @Produces
    @Singleton
    Sessions sessions(Keys keys, BoundedAudit audit) {
        return new Sessions(keys, audit, Bus.checked(() -> BusSettings.sessionLifetime(config)));
    }
}
