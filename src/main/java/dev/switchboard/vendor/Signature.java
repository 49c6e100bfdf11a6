package dev.switchboard.vendor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How an api's requests are signed, over the bytes that are sent.
 *
 * @param secret the setting with the key; one of the type {@code base64} is decoded
 * @param over what is signed, of {@code {method}}, {@code {path}} (with its query), {@code {timestamp}} (seconds) and {@code {body}}
 * @param header where the signature goes
 * @param value what that header holds, with {@code {hex}} or {@code {base64}}
 * @param timestamp the header that tells the vendor the timestamp; none if it is not sent
 * @param algorithm the name that Java has for it
 */
public record Signature(
        String secret,
        String over,
        String header,
        String value,
        @Nullable String timestamp,
        String algorithm) {

    /** By default the body is signed. */
    public Signature {
        over = over == null ? "{body}" : over;
        value = value == null ? "{hex}" : value;
        algorithm = algorithm == null ? "HmacSHA256" : algorithm;
    }

    private static final Set<String> PARTS = Set.of("method", "path", "timestamp", "body");

    /**
     * Returns the value of the header.
     *
     * @param parts what the request has for each name that {@link #over} may have
     */
    public String of(Map<String, byte[]> parts, Settings settings, boolean base64) {
        try {
            String key = settings.get(secret);
            byte[] bytes = base64 ? Base64.getDecoder().decode(key) : key.getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(bytes, algorithm));
            byte[] signed = mac.doFinal(signed(parts));
            return value.replace("{hex}", HexFormat.of().formatHex(signed))
                    .replace("{base64}", Base64.getEncoder().encodeToString(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signature cannot be made: " + e.getMessage(), e);
        }
    }

    /** The body may be anything, so bytes are put together, not texts. */
    private byte[] signed(Map<String, byte[]> parts) {
        var all = new ByteArrayOutputStream();
        Matcher names = Templates.NAME.matcher(over);
        int end = 0;
        while (names.find()) {
            all.writeBytes(over.substring(end, names.start()).getBytes(StandardCharsets.UTF_8));
            all.writeBytes(parts.getOrDefault(names.group(1), new byte[0]));
            end = names.end();
        }
        all.writeBytes(over.substring(end).getBytes(StandardCharsets.UTF_8));
        return all.toByteArray();
    }

    void check(String file, Map<String, Vendor.Setting> settings) {
        if (secret == null || !settings.containsKey(secret) || header == null) {
            throw new IllegalArgumentException(
                    file + ": signature: secret names a setting, and header the header of the signature");
        }
        if (!value.contains("{hex}") && !value.contains("{base64}")) {
            throw new IllegalArgumentException(file + ": signature: value has {hex} or {base64}");
        }
        Templates.NAME
                .matcher(over)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !PARTS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            file + ": signature: over has {" + name + "}, and not one of " + new TreeSet<>(PARTS));
                });
        try {
            Mac.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + ": signature: " + e.getMessage(), e);
        }
    }
}
