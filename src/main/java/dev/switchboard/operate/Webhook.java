package dev.switchboard.operate;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Makes requests of events for the address that the settings name, signed as Standard Webhooks 1.0.0 describes. What is not
 * answered with a 2xx fails and is posted again by the outbox, with the same id.
 */
public final class Webhook implements Processor {

    private static final String PREFIX = "whsec_";

    private final Optional<URI> address;
    private final byte[] key;

    /**
     * Makes the webhook; without an address it posts nothing.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it and does not show the secret
     */
    public Webhook(Optional<String> url, Optional<String> secret) {
        this.address = url.map(Webhook::address);
        this.key = address.isPresent() ? key(secret.orElse("")) : new byte[0];
    }

    private static URI address(String url) {
        if (!url.matches("https?://[^\\s/]+.*")) {
            throw new IllegalArgumentException("switchboard.events.webhook.url: must begin with https:// or http://");
        }
        return URI.create(url);
    }

    private static byte[] key(String secret) {
        String wrong = "switchboard.events.webhook.secret: must be whsec_ and 24 to 64 bytes in Base64";
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException(wrong);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong, e);
        }
        if (key.length < 24 || key.length > 64) {
            throw new IllegalArgumentException(wrong);
        }
        return key;
    }

    /** Makes the signed request; without an address the route ends here. */
    @Override
    public void process(Exchange exchange) throws GeneralSecurityException {
        if (address.isEmpty()) {
            exchange.setRouteStop(true);
            return;
        }
        Message message = exchange.getMessage();
        String id = exchange.getProperty("eventId", String.class);
        String now = Long.toString(Instant.now().getEpochSecond());
        message.setHeader(Exchange.HTTP_URI, address.get().toString());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("webhook-id", id);
        message.setHeader("webhook-timestamp", now);
        message.setHeader("webhook-signature", "v1," + signature(id + "." + now + "." + message.getBody(String.class)));
    }

    /** Fails where the event was not taken, so that it is posted again. */
    public void answered(@Header(Exchange.HTTP_RESPONSE_CODE) int status) throws IOException {
        if (status / 100 != 2) {
            throw new IOException("the webhook answered with HTTP " + status);
        }
    }

    private String signature(String signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
