package dev.switchboard.lane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Outcome;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Vendors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Asks the error handlers about messages that ended without an attempt, such as those that expired or that a crash has left: the
 * store ends them by itself, and their dead-letter route is chosen after that.
 */
@Singleton
@Named("lateFailures")
public final class LateFailures implements Processor {

    private static final Duration WITHOUT_LANE = Duration.ofSeconds(30);

    private final Store store;
    private final Vendors vendors;
    private final LaneComponent lanes;

    public LateFailures(Store store, Vendors vendors, LaneComponent lanes) {
        this.store = store;
        this.vendors = vendors;
        this.lanes = lanes;
    }

    /** A choice is made once: what comes a second time, after a kill, has its dead-letter route already. */
    @Override
    public void process(Exchange exchange) {
        String id = exchange.getProperty("subject", String.class);
        store.messages()
                .find(id)
                .filter(view -> view.has("failure") && !view.path("failure").has("deadLetter"))
                .ifPresent(view -> {
                    FailureHandlers.Choice choice = choose(view);
                    Store.written(store.messages().deadLetter(id, choice.route(), choice.fallback()));
                });
    }

    private FailureHandlers.Choice choose(ObjectNode view) {
        return lanes.handlers()
                .choose(view, DeliveryFailed.known(Outcome.Failure.of(view.path("failure"))), atMost(view));
    }

    private Duration atMost(ObjectNode view) {
        return Optional.of(view.path("vendor").asText() + "/"
                        + view.path("account").asText())
                .flatMap(vendors::lane)
                .map(account -> lanes.settings(account).timeout())
                .orElse(WITHOUT_LANE);
    }
}
