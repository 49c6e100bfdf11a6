package dev.switchboard.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts what the store's columns of content hold, by AES-GCM. A sealed text is the id of its key and, in Base64, nonce, cipher
 * text and tag. Without a key file it leaves texts as they are.
 */
public final class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final long SECOND = 1_000_000_000;
    private static final char MARK = '\u0001';
    private static final String HASH_MARK = "hmac-";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(() -> {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    });

    private final @Nullable Path file;
    private volatile Map<String, SecretKey> keys;
    private final String current;
    private final String prefix;
    private final int begin = new SecureRandom().nextInt();
    /** A random begin of 96 bits and a count: unlike random nonces, these may be used for any number of texts. */
    private final AtomicLong next = new AtomicLong(new SecureRandom().nextLong());

    /** Is copied for each hash: to look the algorithm up takes longer than to use it. */
    private @Nullable Mac hashes;

    private long readAgain = System.nanoTime() - SECOND;

    private Sealing(@Nullable Path file) {
        this.file = file;
        this.keys = file == null ? Map.of() : KeyFile.read(file);
        this.current = keys.isEmpty() ? "" : keys.keySet().iterator().next();
        this.prefix = MARK + current + MARK;
    }

    /** Reads the keys of a file; none: nothing is encrypted. */
    static Sealing of(@Nullable Path keyFile) {
        return new Sealing(keyFile);
    }

    public boolean isOn() {
        return !keys.isEmpty();
    }

    /** Returns the id of the key that encrypts; empty where nothing is encrypted. */
    String current() {
        return current;
    }

    boolean knows(String id) {
        return keys.containsKey(id);
    }

    /** Sets the key of hashes, which stays when other keys are replaced: hashes cannot be made again. */
    void hashWith(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            hashes = mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
        }
    }

    /** Encrypts a text. What holds nothing stays as it is. */
    @Nullable
    String seal(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("{}") || !isOn() ? text : sealed(text);
    }

    private String sealed(String text) {
        byte[] nonce = ByteBuffer.allocate(NONCE)
                .putInt(begin)
                .putLong(next.getAndIncrement())
                .array();
        byte[] clear = text.getBytes(StandardCharsets.UTF_8);
        try {
            Cipher cipher = CIPHERS.get();
            cipher.init(Cipher.ENCRYPT_MODE, keys.get(current), new GCMParameterSpec(TAG_BITS, nonce));
            var sealed = new byte[NONCE + cipher.getOutputSize(clear.length)];
            System.arraycopy(nonce, 0, sealed, 0, NONCE);
            cipher.doFinal(clear, 0, clear.length, sealed, NONCE);
            return prefix + Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a text cannot be encrypted", e);
        }
    }

    static boolean looksSealed(@Nullable String text) {
        return text != null && !text.isEmpty() && text.charAt(0) == MARK;
    }

    /** Returns whether a text needs not be sealed again. */
    boolean isCurrent(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("{}") || text.startsWith(prefix);
    }

    /** Decrypts a text. One that only looks sealed stays as it is: the keys themselves were checked at the start. */
    String open(String text) {
        return looksSealed(text) ? opened(text).orElse(text) : text;
    }

    private Optional<String> opened(String text) {
        int end = text.indexOf(MARK, 1);
        SecretKey key = end < 0 ? null : key(text.substring(1, end));
        if (key == null) {
            return Optional.empty();
        }
        try {
            byte[] sealed = Base64.getDecoder().decode(text.substring(end + 1));
            Cipher cipher = CIPHERS.get();
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
            byte[] clear = cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
            return Optional.of(new String(clear, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private @Nullable SecretKey key(String id) {
        SecretKey known = keys.get(id);
        return known == null && file != null ? readAgain(file, id) : known;
    }

    /** Another process may have been started with a newer key already, which the file has here too. */
    private synchronized @Nullable SecretKey readAgain(Path keyFile, String id) {
        long now = System.nanoTime();
        if (!keys.containsKey(id) && now - readAgain > SECOND) {
            readAgain = now;
            try {
                Map<String, SecretKey> all = KeyFile.read(keyFile);
                all.putAll(keys);
                keys = all;
            } catch (IllegalArgumentException e) {
                LOG.warn("The store has content that is encrypted with a newer key. {}", e.getMessage());
            }
        }
        return keys.get(id);
    }

    /** Returns what is kept of a hash: from its HMAC no one finds out, by trying texts, what it is the hash of. */
    public String fingerprint(String hash) {
        Mac known = hashes;
        if (known == null || hash.startsWith(HASH_MARK)) {
            return hash;
        }
        try {
            Mac mac = (Mac) known.clone();
            return HASH_MARK + HexFormat.of().formatHex(mac.doFinal(hash.getBytes(StandardCharsets.US_ASCII)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's HMAC can be copied", e);
        }
    }

    static byte[] newHashKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
