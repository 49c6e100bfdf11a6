package dev.switchboard.lane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.State;
import dev.switchboard.message.Visible;
import dev.switchboard.outbox.OutboxEndpoint;
import dev.switchboard.store.Incoming;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Asks the error handlers of the routes which dead-letter route a message goes to, once its failure is final, and whether
 * another message is sent in its place. They are those of
 * its operation's route, as if that route had failed there and then. Whatever they do, there is an answer in time: the route of
 * the failure's class, where they give none.
 */
final class FailureHandlers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FailureHandlers.class);
    private static final List<String> SHOWN = List.of("vendor", "account", "operation");
    private static final int MOST_AT_ONCE = 256;

    private final CamelContext camel;
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                var thread = new Thread(task, "failure-handlers");
                thread.setDaemon(true);
                return thread;
            });

    FailureHandlers(CamelContext camel) {
        this.camel = camel;
    }

    /** The exchange property that tells whether a message that failed is certain not to have been delivered. */
    static final String NOT_DONE = "certainlyNotDone";

    private static final Set<String> GUESSES =
            Set.of(FailureClass.UNMAPPED.toString(), FailureClass.UNCERTAIN.toString());

    /**
     * What the error handlers have chosen.
     *
     * @param route the name of a dead-letter route
     * @param fallback what is sent instead of the message
     */
    record Choice(String route, @Nullable Incoming fallback) {}

    /**
     * Returns what the handlers choose.
     *
     * @param view the message as views show it, with its failure
     * @param atMost how long the handlers may take
     */
    Choice choose(ObjectNode view, DeliveryFailed failure, Duration atMost) {
        Object fault;
        try {
            return inTime(threads.submit(() -> ask(view, failure)), atMost);
        } catch (TimeoutException e) {
            fault = "they took longer than " + atMost;
        } catch (ExecutionException e) {
            fault = e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = "the bus stops";
        } catch (RuntimeException | OutOfMemoryError e) {
            fault = e;
        }
        String own = failure.getFailureClass().toString();
        LOG.warn(
                "{}: the error handlers chose no dead-letter route for {}, it goes to dead-letters:{}: {}",
                lane(view),
                view.path("id").asText(),
                own,
                Visible.of(String.valueOf(fault)));
        return new Choice(own, null);
    }

    private static Choice inTime(Future<Choice> chosen, Duration atMost)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return chosen.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            chosen.cancel(true);
        }
    }

    private Choice ask(ObjectNode view, DeliveryFailed failure) throws Exception {
        MDC.put("messageId", view.path("id").asText());
        MDC.put("lane", lane(view));
        try {
            return chosen(view, failure);
        } finally {
            MDC.clear();
        }
    }

    private static String lane(ObjectNode view) {
        return view.path("vendor").asText() + "/" + view.path("account").asText();
    }

    /**
     * The exchange comes with its failure into the route, whose first step is then not made: its error handlers are. An exchange
     * that is exhausted is not tried again. No vendor is called for it, as it belongs to no attempt.
     */
    private Choice chosen(ObjectNode view, DeliveryFailed failure) throws Exception {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(view);
        SHOWN.forEach(name -> exchange.setProperty(name, view.path(name).asText()));
        exchange.setProperty("messageId", view.path("id").asText());
        exchange.setProperty("api", view.at("/failure/api").asText());
        exchange.setProperty(NOT_DONE, isCertainlyNotDone(view));
        exchange.setProperty(OutboxEndpoint.FAILURE, failure);
        exchange.setException(failure);
        exchange.getExchangeExtension().setRedeliveryExhausted(true);
        route(view).process(exchange);
        Exception left = exchange.getException();
        if (left != null && left != failure) {
            throw left;
        }
        String chosen = exchange.getProperty(OutboxEndpoint.DEAD_LETTER, String.class);
        if (chosen == null) {
            throw new IllegalStateException("none applies, or the one that does has no step to: dead-letters:<name>");
        }
        return new Choice(chosen, exchange.getProperty(LaneProducer.FALLBACK, Incoming.class));
    }

    /** Only what a table of fail codes explains, or what was never sent, is certain. */
    private static boolean isCertainlyNotDone(ObjectNode view) {
        return view.path("state").asText().equals(State.DEAD.toString())
                && !view.at("/failure/mayHaveBeenSent").asBoolean()
                && !GUESSES.contains(view.at("/failure/class").asText());
    }

    private Processor route(ObjectNode view) {
        String name =
                view.path("vendor").asText() + "-" + view.path("operation").asText();
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().equals("direct://" + name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no route from: direct:" + name))
                .getConsumer()
                .getProcessor();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
