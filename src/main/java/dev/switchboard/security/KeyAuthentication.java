package dev.switchboard.security;

import dev.switchboard.message.Refused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a key of the API or an access token from {@code Authorization: Bearer}, or from a session of the console. Without any
 * keys and sign-on, there is no access control.
 */
@Singleton
final class KeyAuthentication implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Bearer ";
    private static final String CONSOLE = "/console";
    private static final String STATUS = "switchboard.refused";

    private final Keys keys;
    private final Sessions sessions;
    private final BoundedAudit audit;
    private final Optional<SignOn> signOn;

    KeyAuthentication(Keys keys, Sessions sessions, BoundedAudit audit, Optional<SignOn> signOn) {
        this.keys = keys;
        this.sessions = sessions;
        this.audit = audit;
        this.signOn = signOn;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext http, IdentityProviderManager identities) {
        return keys.isFresh() ? ofFresh(http) : refreshed(http).flatMap(any -> ofFresh(http));
    }

    private Uni<SecurityIdentity> ofFresh(RoutingContext http) {
        return keys.isOpen() ? Uni.createFrom().item(Caller.anyone()) : who(http);
    }

    private Uni<SecurityIdentity> who(RoutingContext http) {
        String given = http.request().getHeader(HttpHeaderNames.AUTHORIZATION);
        if (given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return ofToken(http, given.substring(SCHEME.length()).strip());
        }
        return sessions.find(http.request())
                .map(key -> Uni.createFrom().item(Caller.identity(key)))
                .orElseGet(() -> Uni.createFrom().nullItem());
    }

    /** Reads the keys again for an unknown one, which may have been made a moment ago. */
    private Uni<SecurityIdentity> ofToken(RoutingContext http, String token) {
        http.put(HttpAuthenticationMechanism.class.getName(), this);
        if (signOn.isPresent() && signOn.get().takes(token)) {
            return ofAccessToken(http, signOn.get(), token);
        }
        return keys.ofToken(token)
                .map(key -> Uni.createFrom().item(Caller.identity(key)))
                .orElseGet(() -> refreshed(http)
                        .map(any -> keys.ofToken(token)
                                .map(Caller::identity)
                                .orElseThrow(() -> refused(http, Keys.named(token), 401))));
    }

    private Uni<SecurityIdentity> ofAccessToken(RoutingContext http, SignOn provider, String token) {
        return Uni.createFrom()
                .completionStage(() -> provider.ofAccessToken(token).toCompletionStage())
                .map(Caller::identity)
                .onFailure(Refused.class)
                .transform(e -> refused(http, SignOn.detail("why", e.getMessage()), e.status()));
    }

    private AuthenticationFailedException refused(RoutingContext http, @Nullable String detail, int status) {
        http.put(STATUS, status);
        var unused = audit.writeOrCount(Keys.entry(http.request(), Caller.UNKNOWN, "authenticate", detail, status));
        return new AuthenticationFailedException();
    }

    /** Reads the keys again without blocking the event loop. */
    private Uni<Boolean> refreshed(RoutingContext http) {
        return Uni.createFrom()
                .completionStage(() -> http.vertx()
                        .executeBlocking(
                                () -> {
                                    keys.refresh();
                                    return true;
                                },
                                false)
                        .toCompletionStage());
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext http) {
        return Uni.createFrom()
                .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer", "bearer"));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext http) {
        return Uni.createFrom().item(new ChallengeData(401, HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    /** Redirects to the login, and keeps the address that was asked for. */
    private static void leadToLogin(RoutingContext http) {
        http.response()
                .addCookie(LoginAddress.keep(http.request()))
                .setStatusCode(302)
                .putHeader(HttpHeaderNames.LOCATION, CONSOLE + "/login")
                .putHeader(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .end();
    }

    /** Tells a program that it needs a key, and leads a browser at the console to the login. */
    @Override
    public Uni<Boolean> sendChallenge(RoutingContext http) {
        if (http.normalizedPath().startsWith(CONSOLE)) {
            leadToLogin(http);
            return Uni.createFrom().item(true);
        }
        int status = http.<Integer>get(STATUS, 401);
        var problem = io.vertx.core.json.JsonObject.of(
                "type",
                "about:blank",
                "title",
                status == 401
                        ? "Give a valid key of the API or access token: Authorization: Bearer."
                        : "The OpenID provider cannot be used now, so no token can be checked. Try again, or use a key.",
                "status",
                status);
        http.response()
                .setStatusCode(status)
                .putHeader(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .end(problem.encode());
        return Uni.createFrom().item(true);
    }
}
