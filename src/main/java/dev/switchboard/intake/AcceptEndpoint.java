package dev.switchboard.intake;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One way in. */
final class AcceptEndpoint extends DefaultEndpoint {

    private final AcceptComponent component;
    private final String intake;

    AcceptEndpoint(String uri, AcceptComponent component, String intake) {
        super(uri, component);
        this.component = component;
        this.intake = intake;
    }

    @Override
    public Producer createProducer() {
        return new AcceptProducer(this, component, intake);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("accept: only takes messages in");
    }
}
