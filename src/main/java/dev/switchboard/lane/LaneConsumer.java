package dev.switchboard.lane;

import dev.switchboard.database.WakeSignal;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.queue.Pause;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane of one account, as Camel starts and stops it. A {@link Dispatcher} claims due messages whenever there are free slots,
 * and {@link Attempts} gives each to the lane's route. A slot is free again when the attempt has ended, so that the next claim
 * and the outcome share a commit; but no more are claimed than can wait for their outcome to be on disk, so a store that does
 * not write stops the lane and does not fill the memory.
 */
public final class LaneConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LaneConsumer.class);
    private static final Duration TO_WRITE = Duration.ofSeconds(2);

    private final Account account;
    private final LaneComponent lanes;
    private final LaneSettings settings;
    private final WakeSignal alarm = new WakeSignal();
    private final Circuits circuits;
    private final Rate rate;
    private final Speed speed = new Speed(System::nanoTime);
    private final Attempts.Listeners listeners;
    private final LaneRoute route;
    private final Gate gate;
    private volatile @Nullable Running running;

    /** What exists between start and stop. */
    private record Running(
            Slots slots,
            Admission admission,
            ExecutorService workers,
            Attempts attempts,
            Dispatcher dispatcher,
            List<AutoCloseable> subscriptions) {}

    LaneConsumer(LaneEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.account = endpoint.account();
        this.lanes = endpoint.lanes();
        this.settings = lanes.settings(account);
        this.rate = new Rate(Rate.interval(settings.rate()), System::nanoTime);
        this.circuits = new Circuits(account, settings.circuit(), lanes.store());
        this.route = new LaneRoute(account, () -> createExchange(true));
        this.gate = new Gate(account, settings, route, processor);
        var all = new ArrayList<>(lanes.listeners());
        all.add(new AttemptListener() {
            @Override
            public void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {
                if (attempt.left()) {
                    speed.count();
                }
            }
        });
        this.listeners = new Attempts.Listeners(account.lane(), all);
    }

    private boolean mayRepeat(String operation) {
        Vendor.Operation known = account.vendor().operations().get(operation);
        return known != null && (known.repeatable() || settings.resend());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ExecutorService workers = Workers.of(account.lane(), settings.concurrency());
        var slots = new Slots(settings.concurrency());
        var admission = new Admission(slots, rate, circuits, this::mayRepeat);
        var attempts = new Attempts(
                account,
                settings,
                lanes.store(),
                admission,
                route,
                gate,
                lanes.handlers(),
                getAsyncProcessor(),
                workers,
                listeners,
                alarm::call);
        var dispatcher = new Dispatcher(
                account.lane(),
                lanes.store(),
                admission,
                circuits,
                rate,
                attempts,
                this::mayRepeat,
                this::isSuspendingOrSuspended,
                alarm);
        running = new Running(slots, admission, workers, attempts, dispatcher, new ArrayList<>());
        lanes.add(account.lane(), this);
    }

    /** Claims messages from now on: all routes are there. */
    void open() {
        Running now = running();
        now.subscriptions().add(lanes.store().onWork(account.lane(), () -> {
            now.admission().fallBehind();
            alarm.call();
        }));
        now.subscriptions().add(circuits.onTold(alarm::call));
        now.subscriptions().add(lanes.store().lanes().onArrival(account.lane(), now.dispatcher()));
        now.dispatcher().start();
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw Refused.forNow("The lane " + account.lane() + " does not run.", 5);
        }
        return now;
    }

    /** Claims no more, while attempts in flight go on. */
    void claimNoMore() {
        Running last = running;
        if (last != null) {
            last.dispatcher().stop();
        }
    }

    /** Claims no more, and lets attempts in flight end until the grace time of the bus is over. */
    @Override
    protected void doStop() throws Exception {
        Running last = running;
        if (last != null) {
            claimNoMore();
            for (AutoCloseable subscription : last.subscriptions()) {
                subscription.close();
            }
            last.dispatcher().join(lanes.grace());
            if (!last.slots().awaitEnd(lanes.grace())) {
                last.attempts().cut();
                if (!last.slots().awaitEnd(TO_WRITE)) {
                    LOG.warn(
                            "{}: {} attempts did not end in time",
                            account.lane(),
                            last.attempts().inFlight().size());
                }
            }
            last.dispatcher().leave();
            last.attempts().close();
            last.workers().shutdownNow();
        }
        super.doStop();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        alarm.call();
    }

    /** Returns the account whose lane it is. */
    public Account account() {
        return account;
    }

    /** Returns how many attempts are being made. */
    public int attempts() {
        return running().slots().used();
    }

    /** Returns {@code running}, {@code paused}, or {@code standby} while another instance serves the lane. */
    public String state() {
        return running().dispatcher().state();
    }

    /** Shows the circuits of the lane. */
    public List<CircuitView> circuits() {
        return circuits.views();
    }

    /** Returns the rate as it is set, if there is one. */
    public Optional<String> rate() {
        return settings.rate();
    }

    /** Returns until when the account is closed, if it is, by its hours or by the vendor's word. */
    public Optional<Gate.Hold> closed() {
        return gate.hold();
    }

    /** Returns how long the rate keeps the next attempt from starting. */
    public Duration untilNextStart() {
        return rate.untilNext();
    }

    /** Returns how many requests a second went out of late. */
    public double speed() {
        return speed.perSecond();
    }

    /** Returns whether the lane is paused. */
    public boolean isPaused() {
        return running().dispatcher().isPaused();
    }

    /** Returns why an operator has paused the lane. */
    public Optional<Pause> pause() {
        return running().dispatcher().pause();
    }

    /** Claims no more until the pause is over or the lane is resumed, also after a restart. */
    public void pause(Pause wanted) {
        running().dispatcher().pause(wanted);
    }

    /** Claims again, and probes circuits that are not closed at once. */
    public void resumeNow() {
        running().dispatcher().pause(null);
        circuits.probeNow();
    }

    /** Probes the circuit of an api at once, where it is not closed. */
    public void probeNow(String api) {
        circuits.probeNow(api);
        alarm.call();
    }

    /**
     * Attempts a message at once, without the queue, and leaves the result in the exchange's body.
     *
     * @throws DeliveryFailed when it was not done
     * @throws Refused (503) when the lane has no free slot in time
     */
    void doAtOnce(Message message, Exchange asking) throws Exception {
        Slots slots = running().slots();
        requireOpen();
        if (!slots.await(settings.timeout().toMillis())) {
            throw Refused.forNow("The lane " + account.lane() + " is busy.", 5);
        }
        try {
            requireOpen(); // it may have been stopped meanwhile
            circuits.requireClosed(account.operation(message.operation()).api());
            if (!rate.await(settings.timeout())) {
                throw Refused.forNow("The lane " + account.lane() + " is busy.", 5);
            }
            var attempt = new Attempt(message, account, 1, settings.limits());
            Exchange exchange = route.exchange(attempt);
            getProcessor().process(exchange);
            DeliveryFailed failure = route.failure(attempt, exchange);
            listeners.tell(each -> each.ended(attempt, null, failure));
            if (failure != null) {
                throw failure;
            }
            asking.getMessage().setBody(exchange.getMessage().getBody());
        } finally {
            slots.release();
            alarm.call();
        }
    }

    private void requireOpen() {
        if (!running().dispatcher().isOpen()) {
            throw Refused.forNow(
                    "The lane " + account.lane() + " is paused, stopping or served by another instance.", 5);
        }
    }

    /** Shows what an attempt of a message would send now. Takes no slot and no permit, and does not connect to the vendor. */
    public Preview preview(Message message) {
        var attempt = Attempt.preview(message, account, settings.limits());
        try {
            Exchange exchange = route.exchange(attempt);
            getProcessor().process(exchange);
            DeliveryFailed failure = route.failure(attempt, exchange);
            boolean called = attempt.request() != null || failure != null;
            return new Preview(
                    attempt.request(), called ? null : exchange.getMessage().getBody(), why(failure));
        } catch (Exception e) {
            LOG.debug("{}: {} has no preview", account.lane(), message.id(), e);
            return new Preview(null, null, why(DeliveryFailed.inRoute(e, false)));
        }
    }

    private static @Nullable String why(@Nullable DeliveryFailed failure) {
        return failure == null ? null : failure.getFailureClass() + ": " + failure.meaning();
    }
}
