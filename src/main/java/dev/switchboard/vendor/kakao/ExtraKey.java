package dev.switchboard.vendor.kakao;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts {@code extra} with the account's {@code extra-key}, so that what the counsellor's system needs is not readable on the way.
 *
 * <p>To decrypt: decode the value as Base64url without padding. The first 12 bytes are the IV; the rest is the cipher text with
 * its 16-byte tag at the end. Decrypt that with AES-GCM (128-bit tag, no additional data) and the key; the plain text is UTF-8.
 */
final class ExtraKey {
    static final String SETTING = "extra-key";

    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final Set<Integer> KEY_BYTES = Set.of(16, 24, 32);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    private ExtraKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Reads the setting; empty where the account has none.
     *
     * @throws IllegalArgumentException naming the setting, never its value, where it is no key
     */
    static Optional<ExtraKey> of(Map<String, String> settings) {
        String encoded = settings.getOrDefault(SETTING, "");
        return encoded.isBlank() ? Optional.empty() : Optional.of(new ExtraKey(decode(encoded.strip())));
    }

    private static byte[] decode(String encoded) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // The cause quotes characters of the secret: it stays behind.
            throw new IllegalArgumentException(SETTING + " is not Base64; make one with: openssl rand -base64 32");
        }
        if (!KEY_BYTES.contains(key.length)) {
            throw new IllegalArgumentException(SETTING + " has " + key.length
                    + " bytes where AES needs 16, 24 or 32; make one with: openssl rand -base64 32");
        }
        return key;
    }

    /** Gives how many bytes of plain text fit, so that their encoded cipher text has at most so many characters. */
    static int capacity(int characters) {
        return characters * 6 / 8 - IV_BYTES - TAG_BYTES;
    }

    String encrypt(String text) {
        byte[] iv = new byte[IV_BYTES];
        RANDOM.nextBytes(iv);
        byte[] sealed = seal(iv, text.getBytes(StandardCharsets.UTF_8));
        byte[] whole = ByteBuffer.allocate(IV_BYTES + sealed.length)
                .put(iv)
                .put(sealed)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    private byte[] seal(byte[] iv, byte[] plain) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt extra with " + SETTING, e);
        }
    }
}
