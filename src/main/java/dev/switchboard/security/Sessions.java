package dev.switchboard.security;

import dev.switchboard.access.ApiKey;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of people who have logged in to the console. The bus knows them, the browser has only a random text: a logout ends
 * them here, and so does a restart.
 */
public final class Sessions {

    /** A browser takes a cookie with this beginning only over TLS, and lets no other host of the domain set it. */
    private static final String OVER_TLS = "__Host-";

    private static final String COOKIE = "switchboard-session";
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MOST = 1_000;

    private final Keys keys;
    private final BoundedAudit audit;
    private final Duration lifetime;
    private final LongSupplier nanos;
    private final Map<String, Session> byToken = new HashMap<>();

    /** Why a session has ended. */
    public enum End {
        /** It was not used for a while. */
        IDLE,
        /** It reached the longest time of a session. */
        OLD,
        /** Its key was revoked or has expired. */
        KEY,
        /** The bus does not know it: its user logged out, or the bus was restarted. */
        UNKNOWN
    }

    private static final class Session {
        private final ApiKey key;
        private final long begun;
        private long used;

        private Session(ApiKey key, long now) {
            this.key = key;
            this.begun = now;
            this.used = now;
        }
    }

    /**
     * Knows no sessions yet.
     *
     * @param lifetime after which a session ends, even if it is used
     */
    public Sessions(Keys keys, BoundedAudit audit, Duration lifetime) {
        this(keys, audit, lifetime, System::nanoTime);
    }

    Sessions(Keys keys, BoundedAudit audit, Duration lifetime, LongSupplier nanos) {
        this.keys = keys;
        this.audit = audit;
        this.lifetime = lifetime;
        this.nanos = nanos;
    }

    /** Returns the cookie of a new session for a key; none where the key is not valid. */
    public Optional<Cookie> logIn(HttpServerRequest request, String token) {
        keys.refresh();
        Optional<ApiKey> key = keys.ofToken(token.strip());
        if (key.isEmpty()) {
            refused(request, Keys.named(token), 401);
        }
        return key.map(known -> logIn(request, known, null));
    }

    /**
     * Returns the cookie of a new session.
     *
     * @param detail for the audit
     */
    public Cookie logIn(HttpServerRequest request, ApiKey key, @Nullable String detail) {
        var unused = audit.writeOrCount(Keys.entry(request, key.name(), "logIn", detail, 200));
        end(request);
        return cookie(request, COOKIE, begin(key));
    }

    /** Writes a failed login into the audit. */
    public void refused(HttpServerRequest request, @Nullable String detail, int status) {
        var unused = audit.writeOrCount(Keys.entry(request, Caller.UNKNOWN, "logIn", detail, status));
    }

    /** Ends the session of a request; returns the cookie that makes the browser forget it. */
    public Cookie logOut(HttpServerRequest request) {
        Session ended = end(request);
        if (ended != null) {
            var unused = audit.writeOrCount(Keys.entry(request, ended.key.name(), "logOut", null, 200));
        }
        return cookie(request, COOKIE, "").setMaxAge(0);
    }

    private synchronized @Nullable Session end(HttpServerRequest request) {
        return byToken.remove(given(request, COOKIE));
    }

    private synchronized String begin(ApiKey key) {
        long now = nanos.getAsLong();
        byToken.values().removeIf(session -> now - session.begun >= 2 * lifetime.toNanos());
        if (byToken.size() >= MOST) {
            byToken.entrySet().stream()
                    .min((one, other) -> Long.signum(one.getValue().used - other.getValue().used))
                    .map(Map.Entry::getKey)
                    .ifPresent(byToken::remove);
        }
        String token = Keys.randomText();
        byToken.put(token, new Session(key, now));
        return token;
    }

    /** Returns the key of a request's session, if it has not ended, and notes that it is used. */
    synchronized Optional<ApiKey> find(HttpServerRequest request) {
        Session session = byToken.get(given(request, COOKIE));
        if (session == null || end(session) != null) {
            return Optional.empty();
        }
        session.used = nanos.getAsLong();
        return keys.valid(session.key);
    }

    /** Returns why a request's session has ended; empty if it has not, or the request has none. */
    public synchronized Optional<End> ended(HttpServerRequest request) {
        String token = given(request, COOKIE);
        Session session = byToken.get(token);
        return token.isEmpty() ? Optional.empty() : Optional.ofNullable(session == null ? End.UNKNOWN : end(session));
    }

    private @Nullable End end(Session session) {
        long now = nanos.getAsLong();
        return keys.valid(session.key).isEmpty()
                ? End.KEY
                : now - session.begun >= lifetime.toNanos()
                        ? End.OLD
                        : now - session.used >= IDLE.toNanos() ? End.IDLE : null;
    }

    /** Returns the value of a cookie that {@link #cookie} has made; empty where there is none. */
    static String given(HttpServerRequest request, String name) {
        Cookie given = request.getCookie(full(request, name));
        return given == null ? "" : given.getValue();
    }

    private static String full(HttpServerRequest request, String name) {
        return request.isSSL() ? OVER_TLS + name : name;
    }

    /** Makes a cookie for all paths, as the console loads files from the API. */
    static Cookie cookie(HttpServerRequest request, String name, String value) {
        return Cookie.cookie(full(request, name), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(request.isSSL())
                .setSameSite(CookieSameSite.STRICT);
    }
}
