package dev.switchboard.lane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Judge;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.ownership.Instances;
import dev.switchboard.queue.Claimed;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes the attempts of a lane, each on a thread of its own. Whatever is thrown when one begins or ends, its message gets an
 * outcome and its slot is free again.
 */
final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final long SOON = 1_000;

    private final Account account;
    private final LaneSettings settings;
    private final Admission admission;
    private final LaneRoute route;
    private final Gate gate;
    private final FailureHandlers handlers;
    private final AsyncProcessor processor;
    private final Executor workers;
    private final Outcomes outcomes;
    private final Instances instances;
    private final Listeners listeners;
    private final Runnable wake;
    private final Map<Long, Running> inFlight = new ConcurrentHashMap<>();

    /** Who hears of attempts. One that fails is logged, and changes nothing. */
    record Listeners(String lane, List<AttemptListener> all) {

        void tell(Consumer<AttemptListener> what) {
            for (AttemptListener each : all) {
                try {
                    what.accept(each);
                } catch (RuntimeException e) {
                    LOG.warn("{}: {} failed", lane, each.getClass().getSimpleName(), e);
                }
            }
        }
    }

    /**
     * Makes the attempts of a lane.
     *
     * @param workers as many threads as the lane has slots
     * @param wake wakes the lane's dispatcher
     */
    Attempts(
            Account account,
            LaneSettings settings,
            Store store,
            Admission admission,
            LaneRoute route,
            Gate gate,
            FailureHandlers handlers,
            AsyncProcessor processor,
            Executor workers,
            Listeners listeners,
            Runnable wake) {
        this.account = account;
        this.settings = settings;
        this.admission = admission;
        this.route = route;
        this.gate = gate;
        this.handlers = handlers;
        this.processor = processor;
        this.workers = workers;
        this.instances = store.instances();
        this.outcomes = new Outcomes(account.lane(), store, this::written);
        this.listeners = listeners;
        this.wake = wake;
    }

    /** Returns the numbers of the messages whose outcome is not on disk. */
    Set<Long> inFlight() {
        return inFlight.keySet();
    }

    /** Begins an attempt; its slot is taken already. */
    void begin(Claimed claimed, long claim) {
        var running = new Running(claimed, claim);
        inFlight.put(claimed.seq(), running);
        try {
            workers.execute(running);
        } catch (RuntimeException | OutOfMemoryError e) {
            running.notMade("there is no thread for it: " + e);
        }
    }

    private void written(Claimed claimed) {
        inFlight.remove(claimed.seq());
        if (admission.written()) {
            wake.run();
        }
    }

    /** Ends all attempts now: a message whose request has not left waits, another is uncertain unless it may be repeated. */
    void cut() {
        inFlight.values().forEach(Running::cut);
    }

    /** Writes no more outcomes. */
    void close() {
        outcomes.close();
    }

    /** One attempt, which ends once. */
    private final class Running implements Runnable, Synchronization {

        private final Claimed claimed;
        private final long claim;
        private final Attempt attempt;
        private final AtomicBoolean ended = new AtomicBoolean();
        private @Nullable Boolean counted;
        private @Nullable Incoming fallback;

        private Running(Claimed claimed, long claim) {
            this.claimed = claimed;
            this.claim = claim;
            BooleanSupplier owned = () -> instances.maySend(account.lane(), claimed.epoch());
            this.attempt = new Attempt(claimed.message(), account, claimed.attempt(), settings.limits(), owned);
        }

        @Override
        public void run() {
            MDC.put("messageId", claimed.message().id());
            MDC.put("lane", account.lane());
            try {
                if (isPutOff()) {
                    return;
                }
                tellFirst();
                Exchange exchange = route.exchange(attempt);
                exchange.getExchangeExtension().addOnCompletion(this);
                processor.process(exchange, done -> {});
            } catch (Throwable e) {
                // such as an operation that the vendor's folder had when the message was accepted
                end(null, e);
            } finally {
                MDC.clear();
            }
        }

        /** It waits for an opening; no attempt is made. */
        private boolean isPutOff() {
            Optional<Outcome> waits = gate.putOff(claimed);
            if (waits.isEmpty() || !ended.compareAndSet(false, true)) {
                return waits.isPresent();
            }
            admission.putOff(claimed, claim);
            write(waits.get());
            return true;
        }

        private void tellFirst() {
            if (claimed.attempt() == 1 && claimed.message().notBefore() == null) {
                long waited = Math.max(0, System.currentTimeMillis() - claimed.acceptedAt());
                listeners.tell(each -> each.firstBegins(account.lane(), waited));
            }
        }

        @Override
        public void onComplete(Exchange done) {
            end(done, null);
        }

        @Override
        public void onFailure(Exchange done) {
            end(done, null);
        }

        private void end(@Nullable Exchange done, @Nullable Throwable thrown) {
            if (attempt.isRefused()) {
                notMade("another instance may serve the lane by now");
            } else if (ended.compareAndSet(false, true)) {
                Outcome outcome = outcome(done, thrown);
                admission.release();
                write(outcome);
            }
        }

        private void write(Outcome outcome) {
            outcomes.write(claimed, outcome, fallback);
            if (admission.isBehind() || outcome.failure() != null) {
                wake.run();
            }
        }

        private void notMade(String why) {
            if (ended.compareAndSet(false, true)) {
                LOG.warn("{}: {} was not made: {}", account.lane(), attempt, why);
                admission.notAttempted(claimed, claim);
                write(new Outcome(State.WAITING, SOON, false, claimed.uncertain(), null, null, null));
            }
        }

        private void cut() {
            boolean left = attempt.cut();
            if (ended.compareAndSet(false, true)) {
                LOG.warn("{}: {} is cut, its request had {}left", account.lane(), attempt, left ? "" : "not ");
                DeliveryFailed lost = Judge.lost(attempt, new IOException("the bus stopped"));
                admission.notAttempted(claimed, claim);
                write(new Verdict(claimed, attempt, settings, false).failed(lost));
            }
        }

        private Outcome outcome(@Nullable Exchange done, @Nullable Throwable thrown) {
            Throwable fault = thrown;
            if (done != null) {
                try {
                    return judged(done);
                } catch (Throwable e) {
                    fault = e;
                }
            }
            LOG.warn("{}: {} ended by a fault", account.lane(), attempt, fault);
            DeliveryFailed failure = LaneRoute.fault(attempt, fault == null ? new IllegalStateException() : fault);
            try {
                return decided(failure, verdict(failure).failed(failure));
            } catch (Throwable e) {
                LOG.warn("{}: {} ends without its texts", account.lane(), attempt, e);
                return plain(failure);
            }
        }

        private Outcome plain(DeliveryFailed failure) {
            boolean maybe = claimed.uncertain() || failure.mayHaveBeenSent();
            var why = new Outcome.Failure(
                    FailureClass.UNMAPPED, null, null, "The bus failed in it; its log says why.", maybe);
            return new Outcome(State.DEAD, 0, true, claimed.uncertain(), null, why, null);
        }

        private Outcome judged(Exchange done) {
            DeliveryFailed failure = route.failure(attempt, done);
            Verdict verdict = verdict(failure);
            LOG.debug(
                    "{}: {}: {}",
                    account.lane(),
                    attempt,
                    failure == null ? "delivered" : failure.getFailureClass() + ", " + failure.disposition());
            return failure == null
                    ? verdict.delivered(done.getMessage().getBody())
                    : decided(failure, verdict.failed(failure));
        }

        /** Once a failure is final, the error handlers choose where it goes. */
        private Outcome decided(DeliveryFailed failure, Outcome outcome) {
            Outcome.Failure why = outcome.failure();
            if (why == null || !outcome.state().finished()) {
                return outcome;
            }
            ObjectNode view = claimed.message().json().deepCopy();
            view.put("state", outcome.state().toString());
            view.set("failure", why.json(claimed.api()));
            FailureHandlers.Choice choice = handlers.choose(view, failure, settings.timeout());
            fallback = choice.fallback();
            return outcome.withDeadLetter(choice.route());
        }

        /** Tells the circuit and those who listen, once. */
        private Verdict verdict(@Nullable DeliveryFailed failure) {
            if (counted == null) {
                counted = admission.ended(claimed, claim, failure);
                listeners.tell(each -> each.ended(attempt, claimed.trace(), failure));
            }
            return new Verdict(claimed, attempt, settings, counted);
        }
    }
}
