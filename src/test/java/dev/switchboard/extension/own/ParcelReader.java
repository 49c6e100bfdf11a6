package dev.switchboard.extension.own;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** An operator's own step. */
public final class ParcelReader implements Processor {

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage()
                .setBody(new Parcel(exchange.getMessage().getBody(String.class).strip()));
    }
}
