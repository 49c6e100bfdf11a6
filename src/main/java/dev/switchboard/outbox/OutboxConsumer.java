package dev.switchboard.outbox;

import dev.switchboard.database.WakeSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the rows of one topic, one after the other. A row that fails waits for its own due time and holds up no other;
 * after the last try it is kept for an operator, where people see it.
 */
final class OutboxConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxConsumer.class);
    private static final int MOST = 64;
    private static final long LONGEST_SLEEP = 5_000;
    private static final long SLEEP_WITHOUT = 1_000;
    private static final List<Duration> RETRY = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4),
            Duration.ofHours(8));

    private final OutboxEndpoint endpoint;
    private final WakeSignal alarm = new WakeSignal();
    private @Nullable AutoCloseable registration;
    private @Nullable Thread thread;
    private volatile boolean running;

    OutboxConsumer(OutboxEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        registration = endpoint.outbox().onWork(endpoint.topic(), alarm::call);
        running = true;
        thread = new Thread(this::run, endpoint.topic());
        thread.start();
    }

    @Override
    protected void doStop() throws Exception {
        running = false;
        alarm.call();
        if (registration != null) {
            registration.close();
        }
        if (thread != null) {
            thread.join(Duration.ofSeconds(30).toMillis());
        }
        super.doStop();
    }

    private void run() {
        while (running) {
            try {
                List<Outbox.Entry> rows = isSuspendingOrSuspended() || !owns()
                        ? List.of()
                        : endpoint.outbox().due(endpoint.topic(), MOST);
                rows.stream().takeWhile(row -> running).forEach(this::send);
                if (rows.isEmpty()) {
                    alarm.sleep(sleep());
                }
            } catch (RuntimeException e) {
                LOG.warn("{}: the store does not answer, trying again: {}", endpoint.topic(), e.getMessage());
                alarm.sleep(1_000);
            }
        }
    }

    private boolean owns() {
        return endpoint.outbox().own(endpoint.topic()).join();
    }

    private long sleep() {
        if (!endpoint.outbox().owns(endpoint.topic())) {
            return SLEEP_WITHOUT;
        }
        long until = endpoint.outbox().untilDue(endpoint.topic());
        return Math.max(1, Math.min(LONGEST_SLEEP, until));
    }

    private void send(Outbox.Entry row) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(row.body());
        exchange.setProperty("subject", row.subject());
        row.headers().forEach(exchange::setProperty);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        releaseExchange(exchange, false);
        note(row, failure);
    }

    private void note(Outbox.Entry row, @Nullable Exception failure) {
        try {
            if (failure == null) {
                endpoint.outbox().done(row.seq()).join();
                return;
            }
            boolean aside = row.attempts() >= RETRY.size();
            long delay = aside ? 0 : RETRY.get(row.attempts()).toMillis();
            LOG.warn(
                    "{}: {} could not go out, {}: {}",
                    endpoint.topic(),
                    row.subject(),
                    aside ? "it is kept for an operator" : "it is tried again",
                    failure.getMessage());
            endpoint.outbox()
                    .failed(row.seq(), String.valueOf(failure.getMessage()), delay, aside)
                    .join();
        } catch (CompletionException e) {
            LOG.warn(
                    "{}: {} will go out again, as the store could not record that it went out: {}",
                    endpoint.topic(),
                    row.subject(),
                    e.getMessage());
        }
    }
}
