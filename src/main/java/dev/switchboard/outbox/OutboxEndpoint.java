package dev.switchboard.outbox;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** One topic of the outbox. */
public final class OutboxEndpoint extends DefaultEndpoint {

    /** The exchange property that holds the final failure about which the error handlers are asked. */
    public static final String FAILURE = "failure";

    /** The exchange property in which an error handler names the dead-letter route of a final failure. */
    public static final String DEAD_LETTER = "deadLetter";

    private static final String DEAD_LETTERS = "dead-letters";

    private final String scheme;
    private final String name;

    OutboxEndpoint(String uri, OutboxComponent component, String scheme, String name) {
        super(uri, component);
        this.scheme = scheme;
        this.name = name;
    }

    String topic() {
        return scheme + ":" + name;
    }

    Outbox outbox() {
        return ((OutboxComponent) getComponent()).outbox();
    }

    @Override
    public Producer createProducer() {
        if (!scheme.equals(DEAD_LETTERS)) {
            throw new UnsupportedOperationException("what goes into " + topic() + " is written by the store");
        }
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                choose(exchange);
            }
        };
    }

    private void choose(Exchange exchange) {
        if (exchange.getProperty(FAILURE) == null) {
            throw new IllegalStateException(
                    "to: " + topic() + " belongs in an onException: only an error handler chooses a dead-letter route");
        }
        if (!isConsumed(exchange.getContext(), name)) {
            throw new IllegalStateException("no route begins from: " + topic());
        }
        exchange.setProperty(DEAD_LETTER, name);
    }

    /** Returns whether a route begins with the dead letters of a name. */
    public static boolean isConsumed(CamelContext camel, String name) {
        String uri = DEAD_LETTERS + "://" + name;
        return camel.getRoutes().stream()
                .anyMatch(route -> route.getEndpoint().getEndpointUri().equals(uri));
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        var consumer = new OutboxConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
