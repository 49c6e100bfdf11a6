package dev.switchboard.outbox;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The outbox as Camel sees it. {@code outbox:<topic>} and {@code dead-letters:<name>} consume what has to go out, after
 * the commit that caused it and at least once. {@code to: dead-letters:<name>} in an error handler chooses the dead-letter
 * route of a message whose failure is final.
 */
public final class OutboxComponent extends DefaultComponent {

    private final Outbox outbox;

    /** Makes the component of what has to go out. */
    public OutboxComponent(Outbox outbox) {
        this.outbox = outbox;
    }

    Outbox outbox() {
        return outbox;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String scheme = uri.substring(0, uri.indexOf(':'));
        return new OutboxEndpoint(uri, this, scheme, remaining);
    }
}
