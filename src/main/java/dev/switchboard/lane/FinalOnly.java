package dev.switchboard.lane;

import dev.switchboard.delivery.Attempt;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.processor.errorhandler.DefaultExceptionPolicyStrategy;
import org.apache.camel.processor.errorhandler.ExceptionPolicyKey;
import org.apache.camel.processor.errorhandler.ExceptionPolicyStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps error handlers out of attempts, wherever they stand: the lane decides first whether a failure is final, and a handler
 * that swallowed one would make it look delivered. What was to be sent leaves the exchange with that. Camel finds it in the
 * registry.
 */
@Singleton
@Named("finalOnly")
public final class FinalOnly implements ExceptionPolicyStrategy {

    @Override
    public @Nullable ExceptionPolicyKey getExceptionPolicy(
            Set<ExceptionPolicyKey> handlers, Exchange exchange, Throwable thrown) {
        if (exchange.getProperty(Attempt.PROPERTY) == null) {
            return DefaultExceptionPolicyStrategy.INSTANCE.getExceptionPolicy(handlers, exchange, thrown);
        }
        Attempt.clear(exchange);
        return null;
    }
}
