package dev.switchboard.operate;

import dev.switchboard.vendor.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Makes requests of events for the address that the settings name, signed as Standard Webhooks 1.0.0 describes. What is not
 * answered with a 2xx fails and is posted again by the outbox, with the same id.
 */
public final class Webhook implements Processor {

    private final Optional<URI> address;
    private final byte[] key;

    /**
     * Makes the webhook; without an address it posts nothing.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it and does not show the secret
     */
    public Webhook(Optional<String> url, Optional<String> secret) {
        this.address = url.map(Webhook::address);
        this.key = address.isPresent()
                ? WebhookSignature.key(secret.orElse(""), "switchboard.events.webhook.secret")
                : new byte[0];
    }

    private static URI address(String url) {
        if (!url.matches("https?://[^\\s/]+.*")) {
            throw new IllegalArgumentException("switchboard.events.webhook.url: must begin with https:// or http://");
        }
        return URI.create(url);
    }

    /** Makes the signed request; without an address the route ends here. */
    @Override
    public void process(Exchange exchange) {
        if (address.isEmpty()) {
            exchange.setRouteStop(true);
            return;
        }
        Message message = exchange.getMessage();
        message.setHeader(Exchange.HTTP_URI, address.get().toString());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        WebhookSignature.addTo(message, exchange.getProperty("eventId", String.class), key);
    }

    /** Fails where the event was not taken, so that it is posted again. */
    public void answered(@Header(Exchange.HTTP_RESPONSE_CODE) int status) throws IOException {
        if (status / 100 != 2) {
            throw new IOException("the webhook answered with HTTP " + status);
        }
    }
}
