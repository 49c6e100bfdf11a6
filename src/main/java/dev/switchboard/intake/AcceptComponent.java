package dev.switchboard.intake;

import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Store;
import dev.switchboard.tracing.Spans;
import dev.switchboard.vendor.MessageCheck;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * {@code accept:<intake>}: checks a message and stores it. The next step of a route runs when the message is on disk. The name is
 * shown as the way that the message came in.
 */
@Singleton
@Named("accept")
public final class AcceptComponent extends DefaultComponent {

    /** Exchange property: the id that a sender gave outside the message. */
    static final String IDEMPOTENCY_KEY = "idempotencyKey";
    /** Exchange property: W3C trace context. */
    static final String TRACE = "traceparent";
    /** Exchange property: the queue that wants the outcome. */
    static final String REPLY_TO = "replyTo";
    /** Exchange property: what the reply is correlated by. */
    static final String CORRELATION = "correlationId";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final Store store;
    private final MessageCheck check;
    private final Lifetime lifetime;
    private final Spans spans;
    private final SenderLimits limits;

    /** Makes the component of a store. */
    public AcceptComponent(Store store, MessageCheck check, Lifetime lifetime, Spans spans, SenderLimits limits) {
        this.store = store;
        this.check = check;
        this.lifetime = lifetime;
        this.spans = spans;
        this.limits = limits;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!NAME.matcher(remaining).matches()) {
            throw new IllegalArgumentException(
                    "\"" + remaining
                            + "\" is not the name of an intake: use up to 32 of a-z, 0-9 and -, with a letter first, as in accept:orders");
        }
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                return new AcceptProducer(this, store, check, lifetime, spans, limits, remaining);
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                throw new UnsupportedOperationException("accept: only takes messages in");
            }
        };
    }

    static String text(Exchange exchange, String property) {
        String text = exchange.getProperty(property, String.class);
        return text == null ? "" : text;
    }
}
