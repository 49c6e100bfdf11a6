package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets through what says that it is JSON in UTF-8; the rest is refused with 415. */
@Singleton
@Named("mediaType")
public final class MediaType implements Processor {

    private static final Pattern JSON = Pattern.compile("application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");
    private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)");

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
        Matcher charset = CHARSET.matcher(type);
        return JSON.matcher(type).matches() && (!charset.find() || isUtf8(charset.group(1)));
    }

    /** Senders know UTF-8 by other names, {@code utf8} above all. */
    private static boolean isUtf8(String name) {
        try {
            return Charset.forName(name).equals(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
