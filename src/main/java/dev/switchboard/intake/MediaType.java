package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets through what says that it is JSON in UTF-8; the rest is refused with 415. */
public final class MediaType implements Processor {

    @Override
    public void process(Exchange exchange) {
        String type = exchange.getMessage()
                .getHeader(Exchange.CONTENT_TYPE, "", String.class)
                .toLowerCase(Locale.ROOT);
        boolean json = type.matches("application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");
        boolean otherCharset = type.contains("charset") && !type.matches(".*charset\\s*=\\s*\"?utf-8\"?.*");
        if (!json || otherCharset) {
            throw Refused.because(415, "Send application/json in UTF-8.");
        }
        if (exchange.getMessage().getBody() == null) {
            throw Refused.because(400, "The message is empty.");
        }
    }
}
