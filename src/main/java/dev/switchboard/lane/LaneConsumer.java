package dev.switchboard.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Judge;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Alarm;
import dev.switchboard.store.Claimed;
import dev.switchboard.store.OutboxEndpoint;
import dev.switchboard.store.Outcome;
import dev.switchboard.store.Ownership;
import dev.switchboard.store.Pause;
import dev.switchboard.store.Share;
import dev.switchboard.store.Store;
import dev.switchboard.store.Taker;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultConsumer;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Claims due messages whenever it has free slots, and gives each to the lane's route. A slot is free again when the attempt has
 * ended, so that the next claim and the outcome are in one commit; but no more are claimed than can wait for their outcome to
 * be on disk, so a store that does not write stops the lane and not the memory.
 */
public final class LaneConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LaneConsumer.class);
    private static final long SAFETY_POLL = 1_000;
    private static final long ASK_AT_MOST_EVERY = 10;
    private static final long GRACE_SECONDS = 30;

    private final Account account;
    private final LaneComponent lanes;
    private final LaneSettings settings;
    private final Alarm alarm = new Alarm();
    private final Slots slots;
    private final Set<Long> inFlight = ConcurrentHashMap.newKeySet();
    private final Circuits circuits;
    private final Rate rate;
    private final Speed speed = new Speed(System::nanoTime);
    private @Nullable ExecutorService workers;
    private @Nullable ScheduledExecutorService again;
    private @Nullable AutoCloseable work;
    private @Nullable AutoCloseable arrivals;
    private @Nullable Thread dispatcher;
    private long lookedAround = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(SAFETY_POLL);
    private long lastAsked = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
    private volatile boolean running;
    private volatile @Nullable Pause pause;
    private volatile boolean standsBy;

    LaneConsumer(LaneEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.account = endpoint.account();
        this.lanes = endpoint.lanes();
        this.settings = lanes.settings(account);
        this.slots = new Slots(settings.concurrency());
        this.rate = new Rate(Rate.interval(settings.rate()), System::nanoTime);
        this.circuits = new Circuits(account, settings.circuit(), lanes.store());
    }

    private Store store() {
        return lanes.store();
    }

    /** Returns the account whose lane it is. */
    public Account account() {
        return account;
    }

    /** Returns how many attempts are being made. */
    public int attempts() {
        return slots.used();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
        workers = threads.newThreadPool(this, account.lane(), settings.concurrency(), settings.concurrency());
        again = threads.newSingleThreadScheduledExecutor(this, account.lane() + "-again");
        work = store().onWork(account.lane(), this::fallBehind);
        arrivals = store().onArrival(account.lane(), new OnArrival());
        running = true;
        lanes.add(account.lane(), this);
        dispatcher = new Thread(this::dispatch, "lane " + account.lane());
        dispatcher.start();
    }

    private boolean mayRepeat(String operation) {
        Vendor.Operation known = account.vendor().operations().get(operation);
        return known != null && (known.repeatable() || settings.resend());
    }

    private static Outcome.Failure interrupted() {
        DeliveryFailed failure = DeliveryFailed.interrupted();
        return new Outcome.Failure(failure.getFailureClass(), null, null, failure.meaning(), true);
    }

    /** Claims no more, and lets attempts in flight end. */
    @Override
    protected void doStop() throws Exception {
        running = false;
        alarm.call();
        if (arrivals != null) {
            arrivals.close();
        }
        if (work != null) {
            work.close();
        }
        if (dispatcher != null) {
            dispatcher.join();
        }
        if (!slots.awaitEnd(GRACE_SECONDS)) {
            LOG.warn("{}: {} attempts did not end in time", account.lane(), Math.max(attempts(), inFlight.size()));
        }
        var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
        if (workers != null) {
            threads.shutdownNow(workers);
        }
        if (again != null) {
            threads.shutdownNow(again);
        }
        super.doStop();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        alarm.call();
    }

    private void dispatch() {
        while (running) {
            try {
                if (!owns() || isPaused() || !dispatchDue()) {
                    idle();
                    alarm.sleep(sleep());
                }
            } catch (CompletionException | RejectedExecutionException | JdbiException e) {
                LOG.warn("{}: the store does not answer, trying again: {}", account.lane(), e.getMessage());
                alarm.sleep(SAFETY_POLL);
            }
        }
    }

    /** Once in a while: also by another process the lane may have been paused or resumed, and messages expire where they wait. */
    private void idle() {
        long now = System.nanoTime();
        if (now - lookedAround >= TimeUnit.MILLISECONDS.toNanos(SAFETY_POLL)) {
            lookedAround = now;
            pause = store().paused(account.lane()).orElse(null);
            store().tend(account.lane());
        }
    }

    /** One process has a lane, so that its order, rate and circuits are kept; any other waits here until it ends. */
    private boolean owns() {
        if (store().owns(account.lane())) {
            return true;
        }
        slots.fallBehind();
        Ownership taken = store().own(account.lane(), this::mayRepeat, interrupted(), inFlight)
                .join();
        boolean owner = taken != Ownership.ELSEWHERE;
        if (owner) {
            pause = store().paused(account.lane()).orElse(null);
        }
        if (taken == Ownership.ANEW) {
            circuits.restore();
        }
        if (owner == standsBy) {
            LOG.info(
                    "{}: {}",
                    account.lane(),
                    owner ? "this process has the lane now" : "another process has the lane, waiting for it");
        }
        standsBy = !owner;
        return owner;
    }

    /** Returns {@code running}, {@code paused}, or {@code standby} while another process has the lane. */
    public String state() {
        return isPaused() ? "paused" : standsBy ? "standby" : "running";
    }

    private long sleep() {
        if (slots.free() == 0 || circuits.claimable().size() < circuits.apis().size()) {
            slots.fallBehind(); // so that whatever ends from here on wakes it
        }
        if (standsBy || slots.free() == 0) {
            return SAFETY_POLL;
        }
        if (isPaused()) {
            Long until = pause().map(Pause::until).orElse(null);
            return until == null ? SAFETY_POLL : Math.max(1, Math.min(SAFETY_POLL, until - System.currentTimeMillis()));
        }
        if (rate.available(1) == 0) {
            return Math.max(1, rate.untilNext().toMillis());
        }
        long until = Math.min(untilDue(), circuits.untilProbe());
        return Math.max(1, Math.min(SAFETY_POLL, until));
    }

    /** A busy lane is woken so often that to ask the store each time would cost more than what it waits for. */
    private long untilDue() {
        long left = lastAsked + TimeUnit.MILLISECONDS.toNanos(ASK_AT_MOST_EVERY) - System.nanoTime();
        if (left > 0) {
            return TimeUnit.NANOSECONDS.toMillis(left) + 1;
        }
        lastAsked = System.nanoTime();
        return store().untilDue(account.lane(), circuits.claimable());
    }

    /** Claims what slots, rate and circuits allow, and says whether there may be more. */
    private boolean dispatchDue() {
        slots.fallBehind();
        int free = slots.reserve(rate.available(slots.free()));
        List<Share> shares = circuits.shares(free, this::mayRepeat);
        if (shares.isEmpty()) {
            slots.settle(free, 0);
            return false;
        }
        List<Claimed> claimed = store().claim(account.lane(), shares)
                .whenComplete((found, failed) -> begin(free, found == null ? List.of() : found))
                .join();
        return shares.size() > 1
                ? !claimed.isEmpty()
                : claimed.size() == shares.get(0).most();
    }

    /** Called by the store's thread, so that what is not needed is free before anything else comes in. */
    private void begin(int reserved, List<Claimed> claimed) {
        slots.settle(reserved, claimed.size());
        rate.take(claimed.size());
        claimed.forEach(each -> begin(each, circuits.claimed(each)));
    }

    private void begin(Claimed claimed, long claim) {
        inFlight.add(claimed.seq());
        try {
            workers().execute(() -> {
                MDC.put("messageId", claimed.message().id());
                MDC.put("lane", account.lane());
                attempt(claimed, claim);
                MDC.clear();
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            // there is no thread for it; the next owner finds it as what a crash leaves
            LOG.warn(
                    "{}: {} was not attempted",
                    account.lane(),
                    claimed.message().id(),
                    e);
            inFlight.remove(claimed.seq());
            giveBack(claimed.api());
        }
    }

    /** No attempt was made of what was claimed. */
    private void giveBack(String api) {
        circuits.unclaimed(api);
        slots.giveBack(1);
        if (slots.isBehind()) {
            alarm.call();
        }
    }

    private void fallBehind() {
        slots.fallBehind();
        alarm.call();
    }

    /** What comes in while nothing is due is attempted without a look into the queue. */
    private final class OnArrival implements Taker {

        @Override
        public Collection<String> apis() {
            return circuits.apis();
        }

        @Override
        public void caughtUp() {
            slots.catchUp();
        }

        @Override
        public @Nullable Place take(String api) {
            if (!running || isPaused() || !slots.takeOnArrival()) {
                return null;
            }
            long claim = circuits.claimOne(api);
            if (claim < 0) {
                slots.giveBack(1);
                return null;
            }
            if (!rate.tookOne()) {
                LaneConsumer.this.giveBack(api);
                return null;
            }
            return new Place() {
                @Override
                public void attempt(Claimed claimed) {
                    begin(claimed, claim);
                }

                @Override
                public void giveBack() {
                    rate.giveBack(1);
                    LaneConsumer.this.giveBack(api);
                }
            };
        }
    }

    private ExecutorService workers() {
        if (workers == null) {
            throw new RejectedExecutionException("the lane " + account.lane() + " does not run");
        }
        return workers;
    }

    private void attempt(Claimed claimed, long claim) {
        var attempt = new Attempt(claimed.message(), account, claimed.attempt(), settings.limits());
        if (claimed.attempt() == 1 && claimed.message().notBefore() == null) {
            long waited = Math.max(0, System.currentTimeMillis() - claimed.acceptedAt());
            lanes.listeners().forEach(listener -> listener.firstBegins(account.lane(), waited));
        }
        Exchange exchange;
        try {
            exchange = exchange(attempt);
        } catch (RuntimeException e) {
            // such as an operation that the vendor's folder had when the message was accepted
            DeliveryFailed failure = DeliveryFailed.inRoute(e, false);
            boolean counted = !circuits.ended(claimed, claim, failure);
            ended(claimed, new Verdict(claimed, attempt, settings, counted).failed(failure, failure.getFailureClass()));
            return;
        }
        exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                ended(claimed, outcome(claimed, claim, attempt, done));
            }

            @Override
            public void onFailure(Exchange done) {
                ended(claimed, outcome(claimed, claim, attempt, done));
            }
        });
        getAsyncProcessor().process(exchange, done -> {});
    }

    private Exchange exchange(Attempt attempt) {
        Message message = attempt.message();
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(message.json());
        exchange.setProperty("messageId", message.id());
        exchange.setProperty("vendor", message.vendor());
        exchange.setProperty("account", message.account());
        exchange.setProperty("operation", message.operation());
        exchange.setProperty("api", attempt.operation().api());
        exchange.setProperty("settings", account.settings());
        exchange.setProperty(Attempt.PROPERTY, attempt);
        return exchange;
    }

    private Outcome outcome(Claimed claimed, long claim, Attempt attempt, Exchange done) {
        DeliveryFailed failure = failure(attempt, done);
        boolean counted = !circuits.ended(claimed, claim, failure);
        var verdict = new Verdict(claimed, attempt, settings, counted);
        ended(attempt, claimed.trace(), failure);
        LOG.debug(
                "{}: {}: {}",
                account.lane(),
                attempt,
                failure == null ? "delivered" : failure.getFailureClass() + ", " + failure.disposition());
        if (failure == null) {
            return verdict.delivered(done.getMessage().getBody());
        }
        return verdict.failed(failure, named(done, failure));
    }

    private void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {
        lanes.listeners().forEach(each -> each.ended(attempt, trace, failure));
        if (attempt.left()) {
            speed.count();
        }
    }

    /** Shows the circuits of the lane. */
    public List<CircuitView> circuits() {
        return circuits.views();
    }

    /** Returns the rate as it is set, if there is one. */
    public Optional<String> rate() {
        return settings.rate();
    }

    /** Returns how many requests a second went out of late. */
    public double speed() {
        return speed.perSecond();
    }

    /** Says whether somebody has paused the lane. */
    public boolean isPaused() {
        return pause().isPresent() || isSuspendingOrSuspended();
    }

    /** Returns why somebody has paused the lane. */
    public Optional<Pause> pause() {
        return Optional.ofNullable(pause).filter(known -> !known.isOver());
    }

    /** Claims no more until its time has come or it is resumed, also after a restart. */
    public void pause(Pause wanted) {
        store().pause(account.lane(), wanted).join();
        pause = wanted;
        alarm.call();
    }

    /** Claims again, and probes circuits that are not closed at once. */
    public void resumeNow() {
        store().pause(account.lane(), null).join();
        pause = null;
        circuits.probeNow();
        alarm.call();
    }

    private @Nullable DeliveryFailed failure(Attempt attempt, Exchange done) {
        boolean named = done.getProperty(OutboxEndpoint.FAILURE_CLASS) != null;
        Exception caught = done.getException();
        if (caught == null && named) {
            caught = done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        }
        for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
            if (cause instanceof DeliveryFailed failure) {
                return failure;
            }
            if (cause instanceof IOException lost && !(cause instanceof JsonProcessingException)) {
                return Judge.lost(attempt, lost);
            }
            if (cause instanceof Refused refused) {
                return DeliveryFailed.invalid(String.valueOf(refused.getMessage()));
            }
        }
        if (caught == null && !named) {
            return null;
        }
        Throwable cause =
                caught == null ? new IllegalStateException("a route named a failure class without a failure") : caught;
        LOG.warn("{}: the route of {} failed", account.lane(), attempt.message().operation(), cause);
        return DeliveryFailed.inRoute(
                cause, attempt.left() && !attempt.operation().repeatable());
    }

    private static FailureClass named(Exchange done, DeliveryFailed failure) {
        String named = done.getProperty(OutboxEndpoint.FAILURE_CLASS, String.class);
        return named == null ? failure.getFailureClass() : FailureClass.of(named);
    }

    private void ended(Claimed claimed, Outcome outcome) {
        slots.release();
        write(claimed, outcome);
        if (slots.isBehind() || outcome.failure() != null) {
            alarm.call();
        }
    }

    /** Writes an outcome until it is written: it is known to nobody else. */
    private void write(Claimed claimed, Outcome outcome) {
        store().finish(claimed, outcome).whenComplete((done, failed) -> {
            if (failed == null) {
                written(claimed);
            } else {
                writeAgain(claimed, outcome, failed);
            }
        });
    }

    private void written(Claimed claimed) {
        inFlight.remove(claimed.seq());
        if (slots.written()) {
            alarm.call();
        }
    }

    private void writeAgain(Claimed claimed, Outcome outcome, Throwable failed) {
        LOG.warn("{}: an outcome could not be written, trying again: {}", account.lane(), failed.getMessage());
        if (again != null && !again.isShutdown()) {
            again.schedule(() -> write(claimed, outcome), 1, TimeUnit.SECONDS);
        }
    }

    /**
     * Does a message at once, beside the queue, and leaves the result in the exchange's body.
     *
     * @throws DeliveryFailed when it was not done
     * @throws Refused (503) when the lane has no free slot in time
     */
    void doAtOnce(Message message, Exchange asking) throws Exception {
        if (standsBy || isPaused() || !slots.await(settings.timeout().toMillis())) {
            throw Refused.forNow("The lane " + account.lane() + " is busy, paused or of another process.", 5);
        }
        try {
            circuits.requireClosed(account.operation(message.operation()).api());
            if (!rate.await(settings.timeout())) {
                throw Refused.forNow("The lane " + account.lane() + " is busy.", 5);
            }
            var attempt = new Attempt(message, account, 1, settings.limits());
            Exchange exchange = exchange(attempt);
            getProcessor().process(exchange);
            DeliveryFailed failure = failure(attempt, exchange);
            ended(attempt, null, failure);
            Object result = exchange.getMessage().getBody();
            if (failure != null) {
                throw failure;
            }
            asking.getMessage().setBody(result);
        } finally {
            slots.release();
            alarm.call();
        }
    }

    /** Says what an attempt of a message would send now. Takes no slot and no permit, and connects to nobody. */
    public Preview preview(Message message) {
        var attempt = Attempt.preview(message, account, settings.limits());
        try {
            Exchange exchange = exchange(attempt);
            getProcessor().process(exchange);
            DeliveryFailed failure = failure(attempt, exchange);
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
