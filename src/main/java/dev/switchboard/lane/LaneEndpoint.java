package dev.switchboard.lane;

import dev.switchboard.vendor.Account;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The lane of one account. */
public final class LaneEndpoint extends DefaultEndpoint {

    private final LaneComponent lanes;
    private final Account account;

    LaneEndpoint(String uri, LaneComponent lanes, Account account) {
        super(uri, lanes);
        this.lanes = lanes;
        this.account = account;
    }

    Account account() {
        return account;
    }

    LaneComponent lanes() {
        return lanes;
    }

    @Override
    public Producer createProducer() {
        return new LaneProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        var consumer = new LaneConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
