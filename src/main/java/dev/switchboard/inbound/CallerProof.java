package dev.switchboard.inbound;

import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks that a call comes from the vendor: by all that the account's settings ask for ({@code routes/inbound.yaml}). */
final class CallerProof {

    private final Settings settings;

    CallerProof(Account account) {
        this.settings = account.settings();
    }

    /** Returns whether the address holds the secret; without a secret no address does. */
    static boolean isSecret(Account account, String given) {
        String secret = account.settings().getOrDefault("inbound-secret", "");
        return !secret.isEmpty() && same(secret, given);
    }

    /** Returns whether a call that fails a check is taken anyway. */
    boolean isObserved() {
        return "observed".equals(settings.get("inbound-checks"));
    }

    /** Returns what is wrong with the head of a call. */
    Optional<String> faultOf(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String login = set("inbound-login");
        if (login != null && !same(basic(login), String.valueOf(headers.get("Authorization")))) {
            return Optional.of("the login is not inbound-login");
        }
        String header = set("inbound-header");
        if (header != null) {
            String[] parts = header.split(": *", 2);
            if (!same(parts[1].strip(), String.valueOf(headers.get(parts[0])))) {
                return Optional.of("the header " + parts[0] + " is not as inbound-header says");
            }
        }
        String networks = set("inbound-networks");
        return networks == null || Networks.parse(networks).contain(address(request))
                ? Optional.empty()
                : Optional.of("the address is in none of inbound-networks");
    }

    private static InetSocketAddress address(HttpServerRequest request) {
        SocketAddress from = request.remoteAddress();
        return new InetSocketAddress(from.hostAddress(), from.port());
    }

    /** Returns what is wrong with the body of a call. */
    Optional<String> faultOf(MultiMap headers, byte[] body) {
        String key = set("inbound-hmac-key");
        if (key == null) {
            return Optional.empty();
        }
        String name = settings.get("inbound-hmac-header");
        String given = String.valueOf(headers.get(name)).replaceFirst("^sha256=", "");
        byte[] right = hmac(key, body);
        boolean equal = same(HexFormat.of().formatHex(right), given.toLowerCase(Locale.ROOT))
                || same(Base64.getEncoder().encodeToString(right), given);
        return equal ? Optional.empty() : Optional.of("the header " + name + " is not the HMAC of the body");
    }

    private @Nullable String set(String name) {
        String value = settings.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(String key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    /** Compares in the same time, wherever they differ. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
