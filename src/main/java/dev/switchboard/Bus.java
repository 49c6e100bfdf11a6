package dev.switchboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.delivery.Judge;
import dev.switchboard.delivery.VendorCall;
import dev.switchboard.delivery.VendorNetwork;
import dev.switchboard.inbound.InboundMessages;
import dev.switchboard.inbound.Receiver;
import dev.switchboard.intake.Broker;
import dev.switchboard.intake.BrokerConfig;
import dev.switchboard.intake.Intakes;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.intake.NoBroker;
import dev.switchboard.intake.PublicPort;
import dev.switchboard.lane.AttemptListener;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.operate.DeadLetterWatch;
import dev.switchboard.operate.Lanes;
import dev.switchboard.operate.ReplayRunner;
import dev.switchboard.operate.Retention;
import dev.switchboard.operate.Webhook;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.sandbox.Sandbox;
import dev.switchboard.store.Store;
import dev.switchboard.store.StoreListener;
import dev.switchboard.tracing.Spans;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.quarkus.main.events.AfterStart;
import org.apache.camel.quarkus.main.events.BeforeInitialize;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together, and gives them to Camel under the names that routes use. */
@Singleton
final class Bus {

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

    private final SmallRyeConfig config;
    private final AsyncStart<Store> store;
    private final AsyncStart<Broker> broker;

    Bus(Config config, BrokerConfig broker) {
        this.config = config.unwrap(SmallRyeConfig.class);
        BusSettings.hideSecrets(this.config);
        this.store = new AsyncStart<>("store", () -> BusSettings.store(this.config));
        this.broker = new AsyncStart<>("broker", () -> Broker.start(broker, BusSettings.brokerDir(this.config)));
    }

    /** A mistake in the settings ends the start with its own sentence and without a stack trace. */
    static <T> T checked(Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    /**
     * Begins what takes longest first, in parallel, while Camel reads the routes. The vendors' settings have been checked by
     * then, so a bus that does not start because of them has not touched its store.
     */
    void begin(@Observes BeforeInitialize start, Vendors vendors, BrokerConfig broker) {
        LOG.debug("The settings of {} accounts are right", vendors.accounts().size());
        store.begin();
        if (!broker.url().equals("none")) {
            this.broker.begin();
        }
    }

    /** Stops the start if a route is missing: a message that needed it would be dead. */
    void openLanes(
            @Observes AfterStart started, CamelContext camel, Vendors vendors, LaneComponent lanes, Lanes operated) {
        List<String> missing = BusRoutes.missing(camel, vendors);
        if (!missing.isEmpty()) {
            throw new ConfigurationException("There is no route from " + String.join(", ", missing)
                    + ". Add one to the vendor's folder, or correct the step that names it.");
        }
        List<String> faults = DeadLetterRoutes.faults(camel, vendors);
        if (!faults.isEmpty()) {
            throw new ConfigurationException(String.join(" ", faults));
        }
        vendors.accounts().forEach(operated::hear);
        lanes.open();
    }

    @PreDestroy
    void closeUntaken() {
        store.closeUntaken();
        broker.closeUntaken();
    }

    /** Reads at the start what no account uses yet too, so that a mistake shows then and not at the first use. */
    void start(
            @Observes StartupEvent start,
            Judge judge,
            LaneComponent lanes,
            Webhook webhook,
            ReplayRunner replays,
            Optional<PublicPort> publicPort,
            Retention retention) {
        LOG.debug("{}, {}, {}, {}, {} and {} have been read", judge, lanes, webhook, replays, publicPort, retention);
    }

    @Produces
    @Singleton
    RouteFolder routeFolder() {
        return checked(() -> BusSettings.routeFolder(config));
    }

    @Produces
    @Singleton
    Vendors vendors(RouteFolder folder, Optional<Sandbox> sandbox, BrokerConfig broker) {
        return checked(() -> {
            List<Vendor> all = Vendor.readAll(folder);
            Map<String, String> presets = sandbox.map(running -> Sandbox.settings(all, running.port()))
                    .orElseGet(TreeMap::new);
            var vendors = new Vendors(all, config, presets);
            Receiver.check(vendors, broker.url());
            return vendors;
        });
    }

    @Produces
    @Singleton
    Optional<Sandbox> sandbox(RouteFolder folder) {
        return BusSettings.sandbox(config)
                ? Optional.of(checked(() -> Sandbox.start(Vendor.readAll(folder), 0)))
                : Optional.empty();
    }

    void close(@Disposes Optional<Sandbox> sandbox) {
        sandbox.ifPresent(Sandbox::close);
    }

    @Produces
    @Singleton
    @Named("messageCheck")
    MessageCheck messageCheck(RouteFolder folder, Vendors vendors) {
        return checked(() -> new MessageCheck(folder, vendors));
    }

    @Produces
    @Singleton
    @Named("judge")
    Judge judge(RouteFolder folder, Vendors vendors) {
        return checked(() -> new Judge(folder, vendors.all()));
    }

    @Produces
    @Singleton
    @Named("vendorConnections")
    HttpClientConnectionManager vendorConnections(VendorNetwork network) {
        return VendorCall.connections(network);
    }

    @Produces
    @Singleton
    VendorNetwork vendorNetwork() {
        return checked(() -> new VendorNetwork(config));
    }

    @Produces
    @Singleton
    Store store(@All List<StoreListener> listeners) {
        Store store = checked(this.store::take);
        listeners.forEach(store::listen);
        int deadLetters =
                checked(() -> config.getOptionalValue("switchboard.events.dead-letters-per-minute", Integer.class)
                        .orElse(100));
        store.listen(new DeadLetterWatch(deadLetters, System::nanoTime, store.outbox()::publish));
        return store;
    }

    void close(@Disposes Store store) {
        store.close();
    }

    @Produces
    @Singleton
    @Named("lane")
    LaneComponent lane(Store store, Vendors vendors, @All List<AttemptListener> listeners) {
        return checked(() -> new LaneComponent(store, vendors, config, listeners));
    }

    @Produces
    @Singleton
    @Named("outbox")
    OutboxComponent outbox(Store store) {
        return new OutboxComponent(store.outbox());
    }

    @Produces
    @Singleton
    @Named("dead-letters")
    OutboxComponent deadLetters(Store store) {
        return new OutboxComponent(store.outbox());
    }

    @Produces
    @Singleton
    Spans spans(OpenTelemetry telemetry) {
        boolean disabled = config.getOptionalValue("quarkus.otel.sdk.disabled", Boolean.class)
                .orElse(false);
        // a disabled one makes every span and drops it
        return new Spans(disabled ? OpenTelemetry.noop() : telemetry);
    }

    @Produces
    @Singleton
    Lifetime lifetime(Vendors vendors, LaneComponent lanes) {
        return new Lifetime(
                vendors, (account, operation, from) -> lanes.settings(account).expiry(operation, from));
    }

    @Produces
    @Singleton
    @Named("inboundMessages")
    InboundMessages inboundMessages(Vendors vendors, Lifetime lifetime, Store store) {
        return new InboundMessages(vendors, lifetime, store);
    }

    @Produces
    @Singleton
    @Named("strictJson")
    ObjectMapper strictJson() {
        return MessageCheck.strictJson();
    }

    @Produces
    @Singleton
    Intakes intakes(BrokerConfig broker, Instance<CamelContext> camel) {
        boolean none = broker.url().equals("none");
        return new Intakes(route -> none && route.equals("queue")
                ? new Intakes.Condition("off", "switchboard.broker.url is none")
                : BusRoutes.condition(camel.get(), route));
    }

    @Produces
    @Singleton
    Broker broker() {
        return checked(broker::take);
    }

    void close(@Disposes Broker broker) {
        broker.close();
    }

    @Produces
    @Singleton
    @Named("jms")
    Component jms(BrokerConfig settings, Instance<Broker> broker) {
        if (settings.url().equals("none")) {
            return new NoBroker();
        }
        var jms = new JmsComponent();
        jms.setConnectionFactory(broker.get().connections());
        return jms;
    }

    @Produces
    @Singleton
    @Named("webhook")
    Webhook webhook() {
        return checked(() -> BusSettings.webhook(config));
    }

    @Produces
    @Singleton
    @Named("lanes")
    Lanes lanes(LaneComponent lanes, Intakes intakes, Store store, Vendors vendors) {
        return new Lanes(lanes, intakes, store, account -> vendors.readAgain(account, BusSettings.now()));
    }
}
