package dev.switchboard.security;

import dev.switchboard.access.AccessStore;
import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
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
    private static final long JUST_NOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final SecureRandom CHANCE = new SecureRandom();

    private final AccessStore store;
    private volatile Known known;

    /** The keys as of the last reading. */
    private record Known(Map<String, ApiKey> byName, long at) {}

    /** Reads the keys of a store. */
    public Keys(AccessStore store) {
        this.store = store;
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

    /** Reads the keys again, unless that has just been done. It waits for the database. */
    synchronized void refresh() {
        if (System.nanoTime() - known.at > JUST_NOW_NANOS) {
            known = read();
        }
    }

    /** Returns whether there has never been a key: then there is no access control. */
    public boolean isOpen() {
        return known.byName.isEmpty();
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

    /**
     * Describes in the audit that a caller has shown a token.
     *
     * @param status the HTTP status of the answer
     */
    static AuditEntry entry(HttpServerRequest request, String who, String operation, String token, int status) {
        Matcher parts = TOKEN.matcher(token.strip());
        return new AuditEntry(
                0,
                System.currentTimeMillis(),
                who,
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
                operation,
                String.valueOf(request.path()),
                status != 200 && parts.matches() ? "{\"key\":\"" + parts.group(1) + "\"}" : null,
                status);
    }

    /** Returns the key of a name, if it is valid. */
    Optional<ApiKey> valid(String name) {
        return find(name).filter(key -> key.isValid(System.currentTimeMillis()));
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
        byte[] random = new byte[48];
        CHANCE.nextBytes(random);
        String salt = HexFormat.of().formatHex(random, 0, 16);
        byte[] secret = new byte[32];
        System.arraycopy(random, 16, secret, 0, secret.length);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
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

    private static String hash(String salt, String secret) {
        return Sha256.hex(salt + secret);
    }
}
