package dev.switchboard.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Says on a JMS message why it is no message of ours. */
public final class QueueReason implements Processor {

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage().setHeader("reason", Problem.refusal(exchange).getMessage());
    }
}
