package dev.switchboard.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Judge;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Visible;
import dev.switchboard.vendor.Account;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the exchange of an attempt for the lane's route, and reads from it how the attempt ended. */
final class LaneRoute {

    private static final Logger LOG = LoggerFactory.getLogger(LaneRoute.class);

    private final Account account;
    private final Supplier<Exchange> exchanges;

    LaneRoute(Account account, Supplier<Exchange> exchanges) {
        this.account = account;
        this.exchanges = exchanges;
    }

    /**
     * Makes the exchange of an attempt.
     *
     * @throws IllegalArgumentException when the vendor's folder no longer has the operation
     */
    Exchange exchange(Attempt attempt) {
        Message message = attempt.message();
        Exchange exchange = exchanges.get();
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

    /** Returns why an attempt failed; null where it was delivered. */
    @Nullable
    DeliveryFailed failure(Attempt attempt, Exchange done) {
        Exception caught = done.getException();
        for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
            DeliveryFailed known = known(attempt, cause);
            if (known != null) {
                return known;
            }
        }
        if (caught == null) {
            return null;
        }
        LOG.warn(
                "{}: the route of {} failed in {}: {}",
                account.lane(),
                attempt.message().operation(),
                attempt,
                Visible.of(root(caught).toString()));
        LOG.debug("{}: {} failed here", account.lane(), attempt, caught);
        return fault(attempt, caught);
    }

    private static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static @Nullable DeliveryFailed known(Attempt attempt, Throwable cause) {
        if (cause instanceof DeliveryFailed failure) {
            return failure;
        }
        if (cause instanceof IOException lost && !(cause instanceof JsonProcessingException)) {
            return Judge.lost(attempt, lost);
        }
        if (cause instanceof RejectedExecutionException) {
            // Camel is being stopped, and did not run the rest of the route
            return Judge.lost(attempt, cause);
        }
        return cause instanceof Refused refused ? DeliveryFailed.invalid(String.valueOf(refused.getMessage())) : null;
    }

    /** Makes the failure of an attempt that ended by a fault in a route or in the bus. */
    static DeliveryFailed fault(Attempt attempt, Throwable cause) {
        return DeliveryFailed.inRoute(cause, attempt.left() && !attempt.mayRepeat());
    }
}
