package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Says on a JMS message why it is no message of ours. */
public final class QueueReason implements Processor {

    private final Refusals refusals;

    /** Says reasons, and which messages were refused. */
    public QueueReason(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void process(Exchange exchange) {
        Refused refused = Problem.refusal(exchange);
        refusals.refused("queue", refused.status());
        exchange.getMessage().setHeader("reason", refused.getMessage());
    }
}
