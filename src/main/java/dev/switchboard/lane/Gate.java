package dev.switchboard.lane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.Visible;
import dev.switchboard.message.WaitReason;
import dev.switchboard.queue.Claimed;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts off messages while their account is closed: by its hours, or by the vendor's own word, which is asked for at most once in
 * an interval, before a message is sent. A vendor that cannot be asked holds no message.
 */
public final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Duration WHILE_ASKING = Duration.ofSeconds(1);

    private final Account account;
    private final LaneSettings settings;
    private final LaneRoute route;
    private final Processor processor;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean open;
    private volatile long nextQuestion = System.nanoTime();

    Gate(Account account, LaneSettings settings, LaneRoute route, Processor processor) {
        this.account = account;
        this.settings = settings;
        this.route = route;
        this.processor = processor;
    }

    /** What keeps messages from being sent, and until when. */
    public record Hold(WaitReason reason, Instant until) {}

    /** Returns how a message is put off, if it may not be sent now. */
    Optional<Outcome> putOff(Claimed claimed) {
        if (settings.hours().isAlways() && settings.gate().isEmpty()) {
            return Optional.empty();
        }
        Instant now = Instant.now();
        Message message = claimed.message();
        return settings.hours()
                .heldUntil(message, now)
                .map(opens -> new Hold(WaitReason.HOURS, opens))
                .or(() -> holdByVendor(message, now))
                .map(hold -> Outcome.putOff(
                        hold.reason, Duration.between(now, hold.until).toMillis() + 1, claimed.uncertain()));
    }

    /** Returns what holds back all messages of the account, or those of some operations. */
    Optional<Hold> hold() {
        Instant now = Instant.now();
        return settings.hours()
                .opensAt(now)
                .map(opens -> new Hold(WaitReason.HOURS, opens))
                .or(() -> left() > 0 && !open ? Optional.of(untilNextQuestion(now)) : Optional.empty());
    }

    private long left() {
        return nextQuestion - System.nanoTime();
    }

    private Hold untilNextQuestion(Instant now) {
        return new Hold(WaitReason.GATE, now.plusNanos(Math.max(left(), 0)));
    }

    /** While one message's question is out, others go by the last answer; where there was none, they wait for this one. */
    private Optional<Hold> holdByVendor(Message message, Instant now) {
        Vendor.Gate gate = account.vendor().gate();
        if (gate == null
                || settings.gate().isEmpty()
                || Hours.isIgnored(message)
                || !gate.holds().contains(message.operation())) {
            return Optional.empty();
        }
        if (left() <= 0 && asking.compareAndSet(false, true)) {
            try {
                askOnce(gate.operation(), settings.gate().get());
            } finally {
                asking.set(false);
            }
        }
        return open
                ? Optional.empty()
                : Optional.of(left() > 0 ? untilNextQuestion(now) : new Hold(WaitReason.GATE, now.plus(WHILE_ASKING)));
    }

    /** Another message's question may have been answered a moment ago. */
    private void askOnce(String operation, Duration interval) {
        if (left() <= 0) {
            note(ask(operation));
            nextQuestion = System.nanoTime() + interval.toNanos();
        }
    }

    private void note(boolean isOpen) {
        if (open != isOpen) {
            LOG.info(
                    "{}: the vendor says that {}",
                    account.lane(),
                    isOpen ? "someone is available" : "no one is available");
        }
        open = isOpen;
    }

    /** Only a clear no closes. */
    private boolean ask(String operation) {
        var question = new Message(Json.object()
                .put("id", MessageId.next())
                .put("vendor", account.vendor().name())
                .put("account", account.name())
                .put("operation", operation));
        var attempt = new Attempt(question, account, 1, settings.limits());
        String fault;
        try {
            Exchange exchange = route.exchange(attempt);
            processor.process(exchange);
            DeliveryFailed failure = route.failure(attempt, exchange);
            if (failure == null) {
                return exchange.getMessage()
                        .getBody(JsonNode.class)
                        .path("available")
                        .asBoolean(true);
            }
            fault = failure.meaning();
        } catch (Exception e) {
            fault = e.toString();
        }
        LOG.warn(
                "{}: {} could not be asked, so messages are sent: {}",
                account.lane(),
                operation,
                account.settings().mask(Visible.of(fault)));
        return true;
    }
}
