package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets through what says that it is JSON in UTF-8; the rest is refused with 415. */
public final class MediaType implements Processor {

    private static final Pattern JSON = Pattern.compile("application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");
    private static final Pattern UTF_8 = Pattern.compile(".*charset\\s*=\\s*\"?utf-8\"?.*");

    @Override
    public void process(Exchange exchange) {
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (!type.equals("application/json") && !isJson(type.toLowerCase(Locale.ROOT))) {
            throw Refused.because(415, "Send application/json in UTF-8.");
        }
        if (exchange.getMessage().getBody() == null) {
            throw Refused.because(400, "The message is empty.");
        }
    }

    private static boolean isJson(String type) {
        boolean otherCharset = type.contains("charset") && !UTF_8.matcher(type).matches();
        return JSON.matcher(type).matches() && !otherCharset;
    }
}
