package dev.switchboard.intake;

import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Store;
import dev.switchboard.tracing.Spans;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/** {@code accept:<intake>}: stores a checked message. The next step of a route runs when the message is on disk. */
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

    private final Store store;
    private final Lifetime lifetime;
    private final Spans spans;
    private final SenderLimits limits;

    /** Makes the component of a store. */
    public AcceptComponent(Store store, Lifetime lifetime, Spans spans, SenderLimits limits) {
        this.store = store;
        this.lifetime = lifetime;
        this.spans = spans;
        this.limits = limits;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                return new AcceptProducer(this, store, lifetime, spans, limits, remaining);
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
