package dev.switchboard;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.batch.BatchReader;
import dev.switchboard.batch.FilesConfig;
import dev.switchboard.batch.Inbox;
import dev.switchboard.batch.Results;
import dev.switchboard.batch.UploadHandler;
import dev.switchboard.batch.Uploads;
import dev.switchboard.batch.Working;
import dev.switchboard.delivery.EventCall;
import dev.switchboard.delivery.Judge;
import dev.switchboard.delivery.VendorCall;
import dev.switchboard.delivery.VendorNetwork;
import dev.switchboard.intake.AcceptComponent;
import dev.switchboard.intake.AnswerHeaders;
import dev.switchboard.intake.Broker;
import dev.switchboard.intake.BrokerConfig;
import dev.switchboard.intake.HostCheck;
import dev.switchboard.intake.HttpsOnly;
import dev.switchboard.intake.Intakes;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.intake.MediaType;
import dev.switchboard.intake.NoBroker;
import dev.switchboard.intake.PreferWait;
import dev.switchboard.intake.Problem;
import dev.switchboard.intake.QueueContainers;
import dev.switchboard.intake.QueueReason;
import dev.switchboard.intake.QueueRequest;
import dev.switchboard.intake.Refusals;
import dev.switchboard.intake.RestIntake;
import dev.switchboard.intake.UnknownCalls;
import dev.switchboard.intake.WebLimits;
import dev.switchboard.lane.AttemptListener;
import dev.switchboard.lane.AttemptSpans;
import dev.switchboard.lane.FinalOnly;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LateFailures;
import dev.switchboard.lane.Workers;
import dev.switchboard.operate.AtOnce;
import dev.switchboard.operate.Audit;
import dev.switchboard.operate.Batches;
import dev.switchboard.operate.Customers;
import dev.switchboard.operate.DeadLetterWatch;
import dev.switchboard.operate.ExportAnswer;
import dev.switchboard.operate.KeyRing;
import dev.switchboard.operate.Lanes;
import dev.switchboard.operate.Mask;
import dev.switchboard.operate.Messages;
import dev.switchboard.operate.Previews;
import dev.switchboard.operate.ReplayRunner;
import dev.switchboard.operate.Replays;
import dev.switchboard.operate.Retention;
import dev.switchboard.operate.StartConfig;
import dev.switchboard.operate.StartPage;
import dev.switchboard.operate.Webhook;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.sandbox.Sandbox;
import dev.switchboard.security.Access;
import dev.switchboard.security.BoundedAudit;
import dev.switchboard.security.Exposure;
import dev.switchboard.security.Keys;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.security.Sessions;
import dev.switchboard.store.Store;
import dev.switchboard.store.StoreListener;
import dev.switchboard.tracing.Spans;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.TranscriptDecoder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.arc.All;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.ExecutorRecorder;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.quarkus.main.events.AfterStart;
import org.apache.camel.quarkus.main.events.BeforeInitialize;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together, and gives them to Camel under the names that routes use. */
@Singleton
@Unremovable
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
    private static <T> T checked(Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    /**
     * What takes longest is begun first, side by side, while Camel reads the routes. By then the vendors' settings are known to
     * be right: a bus that does not start for them has not touched its store.
     */
    void begin(@Observes BeforeInitialize start, Vendors vendors, BrokerConfig broker) {
        LOG.debug("The settings of {} accounts are right", vendors.accounts().size());
        store.begin();
        if (!broker.url().equals("none")) {
            this.broker.begin();
        }
    }

    /** A route that is missing stops the start: a message that needed it would be dead. */
    void openLanes(@Observes AfterStart started, CamelContext camel, Vendors vendors, LaneComponent lanes) {
        List<String> missing = BusRoutes.missing(camel, vendors);
        if (!missing.isEmpty()) {
            throw new ConfigurationException("There is no route from " + String.join(", ", missing)
                    + ". Add one to the vendor's folder, or correct the step that names it.");
        }
        List<String> faults = DeadLetterRoutes.faults(camel, vendors);
        if (!faults.isEmpty()) {
            throw new ConfigurationException(String.join(" ", faults));
        }
        lanes.open();
    }

    @PreDestroy
    void closeWhatNobodyTook() {
        store.closeUntaken();
        broker.closeUntaken();
    }

    /** What no account uses yet is read at the start all the same, so that a mistake shows then and not at the first use. */
    void start(
            @Observes StartupEvent start,
            Judge judge,
            LaneComponent lanes,
            Webhook webhook,
            ReplayRunner replays,
            Optional<StartPage> startPage,
            Retention retention) {
        LOG.debug("{}, {}, {}, {}, {} and {} have been read", judge, lanes, webhook, replays, startPage, retention);
    }

    @Produces
    @Singleton
    @Unremovable
    RouteFolder routeFolder() {
        return checked(() -> BusSettings.routeFolder(config));
    }

    @Produces
    @Singleton
    @Unremovable
    Vendors vendors(RouteFolder folder, Optional<Sandbox> sandbox) {
        return checked(() -> {
            BusSettings.refuseUnknown(config);
            List<Vendor> all = Vendor.readAll(folder);
            Map<String, String> presets = sandbox.map(running -> Sandbox.settings(all, running.port()))
                    .orElseGet(TreeMap::new);
            return new Vendors(all, config, presets);
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
    @Unremovable
    @Named("messageCheck")
    MessageCheck messageCheck(RouteFolder folder, Vendors vendors) {
        return checked(() -> new MessageCheck(folder, vendors));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("judge")
    Judge judge(RouteFolder folder, Vendors vendors) {
        return checked(() -> new Judge(folder, vendors.all()));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("transcript")
    TranscriptDecoder transcript(RouteFolder folder) {
        return new TranscriptDecoder(folder);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("vendorCall")
    VendorCall vendorCall(VendorNetwork network) {
        return new VendorCall(network);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("eventCall")
    EventCall eventCall(VendorNetwork network) {
        return new EventCall(network);
    }

    void close(@Disposes VendorCall vendorCall) {
        vendorCall.close();
    }

    @Produces
    @Singleton
    @Unremovable
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
    @Unremovable
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
    Keys keys(Store store) {
        return checked(() -> {
            var keys = new Keys(store.access());
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
    @Unremovable
    @Named("access")
    Access access(Keys keys, RouteFolder folder, BoundedAudit audit) {
        return checked(() -> new Access(keys, folder, audit));
    }

    @Produces
    @Singleton
    BoundedAudit boundedAudit(Store store) {
        return new BoundedAudit(store.access());
    }

    @Produces
    @Singleton
    Sessions sessions(Keys keys, BoundedAudit audit) {
        return new Sessions(
                keys,
                audit,
                config.getOptionalValue("switchboard.console.session-lifetime", Duration.class)
                        .orElse(Duration.ofHours(12)));
    }

    @Produces
    @Singleton
    SenderLimits senderLimits(Keys keys, Store store, Vendors vendors) {
        return new SenderLimits(keys, store, vendors);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("mask")
    Mask mask() {
        return new Mask();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("keyRing")
    KeyRing keyRing(Keys keys, Store store) {
        return new KeyRing(keys, store.access());
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("audit")
    Audit audit(Store store) {
        return new Audit(store.access());
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("lane")
    LaneComponent lane(Store store, Vendors vendors, @All List<AttemptListener> listeners) {
        return checked(() -> new LaneComponent(store, vendors, config, listeners));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("outbox")
    OutboxComponent outbox(Store store) {
        return new OutboxComponent(store.outbox());
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("dead-letters")
    OutboxComponent deadLetters(Store store) {
        return new OutboxComponent(store.outbox());
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("finalOnly")
    FinalOnly finalOnly() {
        return new FinalOnly();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("lateFailures")
    LateFailures lateFailures(Store store, Vendors vendors, LaneComponent lanes) {
        return new LateFailures(store, vendors, lanes);
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
    AttemptSpans attemptSpans(Spans spans) {
        return new AttemptSpans(spans);
    }

    @Produces
    @Singleton
    @Unremovable
    Lifetime lifetime(Vendors vendors, LaneComponent lanes) {
        return new Lifetime(vendors, account -> lanes.settings(account).expiresAfter());
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("accept")
    AcceptComponent accept(Store store, Lifetime lifetime, Spans spans, SenderLimits limits) {
        return new AcceptComponent(store, lifetime, spans, limits);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("problem")
    Problem problem(Refusals refusals) {
        return new Problem(refusals);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("answerHeaders")
    AnswerHeaders answerHeaders() {
        return new AnswerHeaders();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("mediaType")
    MediaType mediaType() {
        return new MediaType();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("strictJson")
    ObjectMapper strictJson() {
        return MessageCheck.strictJson();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("queueRequest")
    QueueRequest queueRequest() {
        return new QueueRequest();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("queueContainers")
    QueueContainers queueContainers(Store store, Intakes intakes) {
        return new QueueContainers(store, intakes);
    }

    @Produces
    @Singleton
    @Unremovable
    Intakes intakes(BrokerConfig broker, Instance<CamelContext> camel) {
        boolean none = broker.url().equals("none");
        return new Intakes(route -> none && route.equals("queue")
                ? new Intakes.Condition("off", "switchboard.broker.url is none")
                : BusRoutes.condition(camel.get(), route));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("queueReason")
    QueueReason queueReason(Refusals refusals) {
        return new QueueReason(refusals);
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
    @Unremovable
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
    @Unremovable
    @Named("webhook")
    Webhook webhook() {
        return checked(() -> BusSettings.webhook(config));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("messages")
    Messages messages(Store store, Lifetime lifetimes, MessageCheck check, LaneComponent lanes) {
        return new Messages(store, lifetimes, check, new Previews(store, lanes));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("replays")
    Replays replays(Store store, LaneComponent lanes) {
        return new Replays(store, new Previews(store, lanes));
    }

    @Produces
    @Singleton
    @Unremovable
    ReplayRunner replayRunner(Store store, Lifetime lifetime) {
        return new ReplayRunner(store, lifetime);
    }

    void close(@Disposes ReplayRunner runner) {
        runner.close();
    }

    @Produces
    @Singleton
    @Unremovable
    Retention retention(Store store, Inbox inbox) {
        return checked(() -> new Retention(store, Retention.Settings.read(config), inbox::forget));
    }

    void close(@Disposes Retention retention) {
        retention.close();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("customers")
    Customers customers(Store store) {
        return new Customers(store);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("export")
    ExportAnswer export() {
        return new ExportAnswer();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("lanes")
    Lanes lanes(LaneComponent lanes, Intakes intakes, Store store, Vendors vendors) {
        return new Lanes(lanes, intakes, store, account -> vendors.readAgain(account, BusSettings.now()));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("atOnce")
    AtOnce atOnce(MessageCheck check, Vendors vendors, SenderLimits limits) {
        return new AtOnce(check, vendors, limits);
    }

    @Produces
    @Singleton
    Optional<StartPage> startPage(
            StartConfig settings,
            Keys keys,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            Instance<ProducerTemplate> routes) {
        LOG.debug("{} are known, and so whom it may be open to", keys);
        return settings.isPublic()
                ? Optional.of(checked(() -> new StartPage(
                        vertx, settings, tls.getDefault().map(TlsConfiguration::getKeyStoreOptions), routes::get)))
                : Optional.empty();
    }

    void renew(@Observes CertificateUpdatedEvent renewed, Optional<StartPage> startPage) {
        if (renewed.name().equals(TlsConfig.DEFAULT_NAME)) {
            startPage.ifPresent(page -> page.renew(renewed.tlsConfiguration().getKeyStoreOptions()));
        }
    }

    void closeStartPage(@Disposes Optional<StartPage> startPage) {
        startPage.ifPresent(StartPage::close);
    }

    @Produces
    @Singleton
    FilesConfig files(MessageCheck check) {
        return checked(() -> FilesConfig.read(config, check.fields()));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("inbox")
    Inbox inbox(FilesConfig settings) {
        return checked(() -> new Inbox(settings));
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("working")
    Working working(Store store, Inbox inbox) {
        return new Working(store, inbox);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("batchReader")
    BatchReader batchReader(
            Store store, MessageCheck check, SenderLimits limits, Inbox inbox, FilesConfig settings, Intakes intakes) {
        return new BatchReader(store, check, limits, inbox, settings.profiles(), intakes);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("results")
    Results results(Store store, Inbox inbox, FilesConfig settings) {
        return new Results(store, inbox, settings);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("uploads")
    Uploads uploads(Store store, Inbox inbox, FilesConfig settings) {
        return new Uploads(store, inbox, settings);
    }

    void management(@Observes ManagementInterface management, Instance<Keys> keys) {
        HttpsOnly.register(management.router());
        hostCheck(keys).register(management.router());
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
        hostCheck(keys).register(router);
        long largest = config.getValue("quarkus.http.limits.max-body-size", MemorySize.class)
                .asLongValue();
        new WebLimits(largest, readTimeout()).register(router);
        var waiting = new PreferWait(store::get, MessageCheck.strictJson());
        Executor workers = Workers.virtual("rest").map(Executor.class::cast).orElseGet(ExecutorRecorder::getCurrent);
        new RestIntake(camel::get, waiting, workers).register(router, largest);
        Supplier<PlatformHttpComponent> web =
                () -> camel.get().getComponent("platform-http", PlatformHttpComponent.class);
        checked(() -> new UnknownCalls(folder, web)).register(router);
    }

    private Duration readTimeout() {
        return config.getOptionalValue("quarkus.http.read-timeout", Duration.class)
                .orElse(Duration.ofSeconds(60));
    }

    /** Quarkus' time-out of reading goes for uploads too, whose bodies Quarkus does not read. */
    void uploads(
            @Observes Router router,
            Instance<Uploads> uploads,
            Instance<ProducerTemplate> routes,
            Instance<Access> access) {
        new UploadHandler(uploads::get, routes::get, access::get, readTimeout()).register(router);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("batches")
    Batches batches(Store store) {
        return new Batches(store);
    }
}
