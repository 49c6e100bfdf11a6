package dev.switchboard.vendor;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;

/** Signs requests as Standard Webhooks 1.0.0 describes; a bean for vendors' routes. */
public final class WebhookSignature {

    private static final String PREFIX = "whsec_";

    /** Signs the body for an account, by its setting {@code secret}; the message's id tells a receiver what comes twice. */
    public void sign(
            Message message,
            @ExchangeProperty("settings") Map<String, String> settings,
            @ExchangeProperty("messageId") String id) {
        addTo(message, id, key(String.valueOf(settings.get("secret")), "secret"));
    }

    /** Adds the three headers of a signed request to a message whose body is text. */
    public static void addTo(Message message, String id, byte[] key) {
        String now = Long.toString(Instant.now().getEpochSecond());
        message.setHeader("webhook-id", id);
        message.setHeader("webhook-timestamp", now);
        message.setHeader("webhook-signature", "v1," + hmac(key, id + "." + now + "." + message.getBody(String.class)));
    }

    /**
     * Reads a secret.
     *
     * @param setting its name
     * @throws IllegalArgumentException when it is wrong; the text names the setting and does not show the secret
     */
    public static byte[] key(String secret, String setting) {
        String wrong = setting + ": must be whsec_ and 24 to 64 bytes in Base64";
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

    private static String hmac(byte[] key, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }
}
