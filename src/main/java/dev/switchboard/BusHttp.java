package dev.switchboard;

import static java.util.stream.Collectors.toSet;

import dev.switchboard.batch.UploadHandler;
import dev.switchboard.batch.Uploads;
import dev.switchboard.inbound.InboundCalls;
import dev.switchboard.intake.AmbiguousRequests;
import dev.switchboard.intake.HostCheck;
import dev.switchboard.intake.HttpsOnly;
import dev.switchboard.intake.PreferWait;
import dev.switchboard.intake.PublicConfig;
import dev.switchboard.intake.PublicPort;
import dev.switchboard.intake.RestIntake;
import dev.switchboard.intake.UnknownCalls;
import dev.switchboard.intake.WebLimits;
import dev.switchboard.lane.Workers;
import dev.switchboard.operate.StartConfig;
import dev.switchboard.operate.StartPage;
import dev.switchboard.security.Access;
import dev.switchboard.security.Exposure;
import dev.switchboard.security.Keys;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendors;
import io.quarkus.runtime.ExecutorRecorder;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What answers HTTP next to the routes: the start page, and those who look at a request before a route does. */
@Singleton
final class BusHttp {

    private static final Logger LOG = LoggerFactory.getLogger(BusHttp.class);
    private static final Pattern WEIGHT = Pattern.compile(";\\s*q\\s*=\\s*(\\d?\\.?\\d+)");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final SmallRyeConfig config;

    BusHttp(Config config) {
        this.config = config.unwrap(SmallRyeConfig.class);
    }

    /** Listens only where a setting asks for it. */
    @Produces
    @Singleton
    Optional<PublicPort> publicPort(
            PublicConfig settings,
            StartConfig start,
            Keys keys,
            Vendors vendors,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            Instance<ProducerTemplate> routes) {
        LOG.debug("{} are known, and so whom it may be open to", keys);
        var pages = new TreeMap<String, Handler<HttpServerRequest>>();
        if (start.isPublic()) {
            pages.put("/start/", new StartPage(vertx, start, routes::get));
        }
        if (InboundCalls.isOn(vendors)) {
            pages.put("/inbound/", new InboundCalls(vertx, vendors, routes::get));
        }
        return pages.isEmpty()
                ? Optional.empty()
                : Optional.of(Bus.checked(() -> new PublicPort(
                        vertx, settings, tls.getDefault().map(TlsConfiguration::getKeyStoreOptions), pages)));
    }

    void renew(@Observes CertificateUpdatedEvent renewed, Optional<PublicPort> port) {
        if (renewed.name().equals(TlsConfig.DEFAULT_NAME)) {
            port.ifPresent(open -> open.renew(renewed.tlsConfiguration().getKeyStoreOptions()));
        }
    }

    void closePublicPort(@Disposes Optional<PublicPort> port) {
        port.ifPresent(PublicPort::close);
    }

    void management(@Observes ManagementInterface management, Instance<Keys> keys) {
        Router router = management.router();
        HttpsOnly.register(router);
        AmbiguousRequests.register(router);
        hostCheck(keys).register(router);
        router.get("/q/metrics").order(Integer.MIN_VALUE).handler(BusHttp::chooseFormat);
    }

    /** Quarkus gives OpenMetrics only to who asks for nothing else, and in just these words. */
    private static void chooseFormat(RoutingContext http) {
        MultiMap headers = http.request().headers();
        String best = Arrays.stream(
                        String.valueOf(headers.get(HttpHeaders.ACCEPT)).split(","))
                .max(Comparator.comparingDouble(BusHttp::weight))
                .orElse("");
        headers.set(HttpHeaders.ACCEPT, best.contains("openmetrics-text") ? OPEN_METRICS : "text/plain");
        http.next();
    }

    private static double weight(String type) {
        Matcher weight = WEIGHT.matcher(type);
        return weight.find() ? Double.parseDouble(weight.group(1)) : 1;
    }

    /** A bus that is open by {@code switchboard.insecure} may have any name. */
    private HostCheck hostCheck(Instance<Keys> keys) {
        Set<String> names = config.getOptionalValues("switchboard.host-names", String.class).orElse(List.of()).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(toSet());
        boolean insecure = Exposure.isInsecure(config);
        return new HostCheck(() -> !insecure && keys.get().isOpen(), names);
    }

    void limits(
            @Observes Router router,
            RouteFolder folder,
            Instance<Keys> keys,
            Instance<Store> store,
            Instance<CamelContext> camel) {
        HttpsOnly.register(router);
        AmbiguousRequests.register(router);
        hostCheck(keys).register(router);
        long largest = config.getValue("quarkus.http.limits.max-body-size", MemorySize.class)
                .asLongValue();
        new WebLimits(largest, readTimeout()).register(router);
        var waiting = new PreferWait(store::get, MessageCheck.strictJson());
        Executor workers = Workers.virtual("rest").map(Executor.class::cast).orElseGet(ExecutorRecorder::getCurrent);
        new RestIntake(camel::get, waiting, workers).register(router, largest);
        Supplier<PlatformHttpComponent> web =
                () -> camel.get().getComponent("platform-http", PlatformHttpComponent.class);
        Bus.checked(() -> new UnknownCalls(folder, web)).register(router);
    }

    private Duration readTimeout() {
        return config.getOptionalValue("quarkus.http.read-timeout", Duration.class)
                .orElse(Duration.ofSeconds(60));
    }

    /** Applies Quarkus' read time-out to uploads too, whose bodies Quarkus does not read. */
    void uploads(
            @Observes Router router,
            Instance<Uploads> uploads,
            Instance<ProducerTemplate> routes,
            Instance<Access> access) {
        new UploadHandler(uploads::get, routes::get, access::get, readTimeout()).register(router);
    }
}
