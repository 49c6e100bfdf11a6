package dev.switchboard.vendor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.camel.ExchangeProperty;

/** Makes the header with which an account logs in by HTTP Basic (RFC 7617); a bean for vendors' routes. */
public final class BasicLogin {
    /** Gives the value of {@code Authorization} for the settings {@code username} and {@code password}, in UTF-8. */
    public String header(@ExchangeProperty("settings") Map<String, String> settings) {
        String login = settings.get("username") + ":" + settings.get("password");
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }
}
