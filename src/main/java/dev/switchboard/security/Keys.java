package dev.switchboard.security;

import dev.switchboard.access.AccessStore;
import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.message.Json;
import dev.switchboard.message.Sha256;
import dev.switchboard.store.Store;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the API: {@code swb_<name>_<secret>}. A secret is 256 random bits, so a salted SHA-256 protects it as well as
 * a slow hash would. A change in the store takes effect within a second.
 */
public final class Keys {

    private static final Pattern TOKEN = Pattern.compile("swb_([a-z0-9-]{1,40})_([A-Za-z0-9_-]{43})");
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final SecureRandom CHANCE = new SecureRandom();

    private final AccessStore store;
    private final boolean signOn;
    private volatile Known known;

    /** The keys as of the last reading. */
    private record Known(Map<String, ApiKey> byName, long at) {}

    /** Reads the keys of a store. */
    public Keys(AccessStore store) {
        this(store, false);
    }

    /**
     * Reads the keys of a store.
     *
     * @param signOn whether callers can also sign on without a key
     */
    public Keys(AccessStore store, boolean signOn) {
        this.store = store;
        this.signOn = signOn;
        this.known = read();
    }

    private Known read() {
        long now = System.nanoTime();
        return new Known(store.keys().stream().collect(Collectors.toMap(ApiKey::name, Function.identity())), now);
    }

    /** Returns whether the keys are up to date; if not, {@link #refresh()} has to come first. */
    boolean isFresh() {
        return System.nanoTime() - known.at < FRESH_NANOS;
    }

    /** Reads the keys again; callers that wait at the same time share a reading. It waits for the database. */
    void refresh() {
        long asked = System.nanoTime();
        synchronized (this) {
            if (known.at - asked < 0) {
                known = read();
            }
        }
    }

    /** Returns whether there has never been a key, and there is no sign-on: then there is no access control. */
    public boolean isOpen() {
        return known.byName.isEmpty() && !signOn;
    }

    /** Returns the key of a token, if it is valid. */
    Optional<ApiKey> ofToken(String token) {
        Matcher parts = TOKEN.matcher(token);
        return parts.matches()
                ? valid(parts.group(1))
                        .filter(key -> MessageDigest.isEqual(
                                key.hash().getBytes(StandardCharsets.US_ASCII),
                                hash(key.salt(), parts.group(2)).getBytes(StandardCharsets.US_ASCII)))
                : Optional.empty();
    }

    /** Returns what the audit says of a token that was refused: the name of its key. */
    static @Nullable String named(String token) {
        Matcher parts = TOKEN.matcher(token.strip());
        return parts.matches() ? Json.object().put("key", parts.group(1)).toString() : null;
    }

    /**
     * Describes a login or a refused token for the audit.
     *
     * @param status 200, or why it was refused
     */
    static AuditEntry entry(
            HttpServerRequest request, String who, String operation, @Nullable String detail, int status) {
        return new AuditEntry(
                0,
                System.currentTimeMillis(),
                who,
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
                operation,
                String.valueOf(request.path()),
                detail,
                status);
    }

    /** Returns the key of a name, if it is valid. */
    Optional<ApiKey> valid(String name) {
        return find(name).filter(key -> key.isValid(System.currentTimeMillis()));
    }

    /** Returns a key as it is now, if it is valid. */
    Optional<ApiKey> valid(ApiKey key) {
        return key.isStored() ? valid(key.name()) : Optional.of(key);
    }

    /** Returns the key of a name, even one that is not valid any more. */
    Optional<ApiKey> find(@Nullable String name) {
        return Optional.ofNullable(name).map(known.byName::get);
    }

    /** Returns whether an id begins with the prefix of other keys; those that share the same prefix share their ids. */
    boolean isOfOthers(String id, String ownPrefix) {
        long now = System.currentTimeMillis();
        return known.byName.values().stream()
                .filter(key -> key.idPrefix().length() > ownPrefix.length() && id.startsWith(key.idPrefix()))
                .anyMatch(key -> key.isValid(now));
    }

    /**
     * Makes a key.
     *
     * @return its token, which is not stored anywhere; none if the name was used before
     */
    public Optional<String> create(NewKey wanted) {
        String salt = HexFormat.of().formatHex(random(16));
        String text = randomText();
        var key = new ApiKey(
                wanted.name(),
                wanted.roles(),
                wanted.lanes(),
                wanted.idPrefix(),
                wanted.transcripts(),
                wanted.perSecond(),
                salt,
                hash(salt, text),
                System.currentTimeMillis(),
                wanted.expiresAt(),
                null);
        return Store.written(store.add(key)) ? Optional.of("swb_" + wanted.name() + "_" + text) : Optional.empty();
    }

    /** Returns a random text of 256 bits. */
    static String randomText() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(32));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        CHANCE.nextBytes(random);
        return random;
    }

    private static String hash(String salt, String secret) {
        return Sha256.hex(salt + secret);
    }
}
