package dev.switchboard;

import dev.switchboard.extension.AddedJars;
import dev.switchboard.extension.MissingComponents;
import dev.switchboard.vendor.RouteFolder;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.quarkus.main.events.BeforeInitialize;
import org.apache.camel.quarkus.main.events.BeforeStart;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives Camel what an operator has added to the program, and names it. */
@Singleton
final class BusAdditions {

    private static final Logger LOG = LoggerFactory.getLogger(BusAdditions.class);

    /** Before Camel reads the routes. */
    void join(@Observes BeforeInitialize start, Config config, RouteFolder folder, CamelContext camel) {
        CopiedRoutes.tell(folder, BusSettings.dataDir(config.unwrap(SmallRyeConfig.class)));
        Optional<Path> lib =
                config.getOptionalValue(AddedJars.SETTING, String.class).map(Path::of);
        Bus.checked(() -> {
            AddedJars jars = AddedJars.in(lib);
            jars.check(camel.getVersion());
            jars.all().forEach(jar -> LOG.info("{} is on the class path", jar));
            jars.join(camel);
            return jars;
        });
    }

    /** Camel's own words for it do not say what to do. */
    void refuseMissing(@Observes BeforeStart start, CamelContext camel) {
        Bus.checked(() -> MissingComponents.refuse((ModelCamelContext) camel));
    }
}
