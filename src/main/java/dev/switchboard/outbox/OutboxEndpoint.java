package dev.switchboard.outbox;

import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** One topic of the outbox. */
public final class OutboxEndpoint extends DefaultEndpoint {

    /** The exchange property in which a route names the failure class of an attempt. */
    public static final String FAILURE_CLASS = "failureClass";

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
        if (!scheme.equals("dead-letters")) {
            throw new UnsupportedOperationException("what goes into " + topic() + " is written by the store");
        }
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                exchange.setProperty(FAILURE_CLASS, name);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        var consumer = new OutboxConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
