package dev.switchboard.lane;

import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code lane:<vendor>/<account>}. As a consumer it claims due messages from the store, makes an exchange of each, and
 * writes its outcome when the exchange is done. As a producer it sends a message at once, without the queue, with a slot of
 * the same lane.
 */
public final class LaneComponent extends DefaultComponent {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Store store;
    private final Vendors vendors;
    private final List<AttemptListener> listeners;
    private final LaneSettings shared;
    private final Map<String, LaneSettings> settings = new HashMap<>();
    private final Map<String, LaneConsumer> lanes = new ConcurrentSkipListMap<>();
    private @Nullable FailureHandlers handlers;
    private volatile boolean open;
    private volatile @Nullable Long graceEnds;

    /**
     * Makes the component over a store, for the accounts of all vendors.
     *
     * @param listeners hear of attempts
     * @throws IllegalArgumentException when a lane's setting is wrong; the text names it
     */
    public LaneComponent(Store store, Vendors vendors, SmallRyeConfig config, List<AttemptListener> listeners) {
        this.listeners = listeners;
        this.store = store;
        this.vendors = vendors;
        this.shared = LaneSettings.shared(config);
        vendors.accounts()
                .forEach(account -> settings.put(
                        account.lane(),
                        LaneSettings.read(config, account.vendor().name(), account.name())));
        vendors.accounts().forEach(this::requireKnownOperations);
        vendors.accounts().forEach(this::requireGate);
    }

    private void requireGate(Account account) {
        if (settings(account).gate().isPresent() && account.vendor().gate() == null) {
            throw new IllegalArgumentException(
                    "switchboard.vendors." + account.vendor().name() + ".accounts."
                            + account.name() + ".lane.gate: " + account.vendor().title()
                            + " cannot be asked whether anyone is available; set it only for accounts of vendors that can");
        }
    }

    private void requireKnownOperations(Account account) {
        Set<String> known = account.vendor().operations().keySet();
        settings(account).hours().own().keySet().forEach(operation -> {
            if (vendors.all().stream().noneMatch(vendor -> vendor.operations().containsKey(operation))) {
                throw new IllegalArgumentException("hours." + operation + " of " + account.lane()
                        + ": is not an operation (there are " + known + ")");
            }
        });
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new LaneEndpoint(uri, this, vendors.lane(remaining).orElseThrow(() -> unknown(remaining)));
    }

    /** A step that names a lane stops the start; a call that does is refused. */
    private RuntimeException unknown(String lane) {
        String why = "There is no lane " + lane + ".";
        return getCamelContext().isStarted()
                ? Refused.because(404, why)
                : new ConfigurationException(why + " Configure the account, or correct the step that names it.");
    }

    Store store() {
        return store;
    }

    FailureHandlers handlers() {
        FailureHandlers known = handlers;
        if (known == null) {
            throw new IllegalStateException("the lanes have not been started");
        }
        return known;
    }

    List<AttemptListener> listeners() {
        return listeners;
    }

    /** Returns how the lane of an account works. */
    public LaneSettings settings(Account account) {
        LaneSettings found = settings.get(account.lane());
        if (found == null) {
            throw new IllegalStateException("there is no lane " + account.lane());
        }
        return found;
    }

    /** Adds a lane, which claims messages from {@link #open} on. */
    void add(String lane, LaneConsumer consumer) {
        lanes.put(lane, consumer);
        if (open) {
            consumer.open();
        }
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        handlers = new FailureHandlers(getCamelContext());
        getCamelContext().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                stopClaiming();
            }
        });
    }

    @Override
    protected void doShutdown() throws Exception {
        if (handlers != null) {
            handlers.close();
        }
        super.doShutdown();
    }

    /** Lets the lanes claim messages, once all routes that a message may need are there. */
    public void open() {
        open = true;
        lanes.values().forEach(LaneConsumer::open);
    }

    /** No lane claims anything from now on, and the grace time of all begins: they stop together, not one after another. */
    private void stopClaiming() {
        graceEnds = System.nanoTime() + GRACE.toNanos();
        lanes.values().forEach(LaneConsumer::claimNoMore);
    }

    /** Returns how much is left of the time that attempts have when the bus stops; all of it while it does not stop. */
    Duration grace() {
        Long ends = graceEnds;
        return ends == null ? GRACE : Duration.ofNanos(Math.max(0, ends - System.nanoTime()));
    }

    /**
     * Returns the running lane of an account.
     *
     * @throws Refused (503) when it does not run
     */
    LaneConsumer running(String lane) {
        LaneConsumer consumer = lanes.get(lane);
        if (consumer == null) {
            throw Refused.forNow("The lane " + lane + " does not run.", 5);
        }
        return consumer;
    }

    /** Returns a lane, if it runs. */
    public Optional<LaneConsumer> lane(String lane) {
        return Optional.ofNullable(lanes.get(lane));
    }

    /** Returns all lanes that run. */
    public Collection<LaneConsumer> lanes() {
        return lanes.values();
    }

    @Override
    public String toString() {
        return "lanes " + lanes.keySet() + " with " + shared;
    }
}
