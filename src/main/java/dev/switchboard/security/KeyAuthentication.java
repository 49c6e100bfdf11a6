package dev.switchboard.security;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes a key of the API from {@code Authorization: Bearer}. Where there are no keys, everybody is let in. */
@Singleton
final class KeyAuthentication implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Bearer ";
    private static final String CONSOLE = "/console";
    private static final Pattern COOKIE_VALUE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]*");

    private final Keys keys;

    KeyAuthentication(Keys keys) {
        this.keys = keys;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext http, IdentityProviderManager identities) {
        return keys.isFresh() ? ofFresh(http, identities) : refreshed(http).flatMap(any -> ofFresh(http, identities));
    }

    private Uni<SecurityIdentity> ofFresh(RoutingContext http, IdentityProviderManager identities) {
        return keys.isOpen() ? Uni.createFrom().item(Caller.anybody()) : ofToken(http, identities);
    }

    private Uni<SecurityIdentity> ofToken(RoutingContext http, IdentityProviderManager identities) {
        String given = http.request().getHeader(HttpHeaderNames.AUTHORIZATION);
        if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().nullItem();
        }
        http.put(HttpAuthenticationMechanism.class.getName(), this);
        String token = given.substring(SCHEME.length()).strip();
        return identities.authenticate(new TokenAuthenticationRequest(new TokenCredential(token, "bearer")));
    }

    /** What is known of keys is read again without keeping the event loop. */
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
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class);
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

    /**
     * Says whether Quarkus can lead to the login and back: it keeps the address in a cookie, and one that no cookie can hold would
     * leave the request without an answer. Such a visitor is led to the login here.
     */
    private static boolean canBeKept(RoutingContext http) {
        if (COOKIE_VALUE.matcher(http.request().absoluteURI()).matches()) {
            return true;
        }
        http.response()
                .setStatusCode(302)
                .putHeader(HttpHeaderNames.LOCATION, CONSOLE + "/login")
                .end();
        return false;
    }

    /** A program is told what it lacks; a browser at the console is led to where it can log in. */
    @Override
    public Uni<Boolean> sendChallenge(RoutingContext http) {
        if (http.normalizedPath().startsWith(CONSOLE)) {
            return Uni.createFrom().item(!canBeKept(http));
        }
        var problem = io.vertx.core.json.JsonObject.of(
                "type",
                "about:blank",
                "title",
                "Give a key of the API that counts: Authorization: Bearer.",
                "status",
                401);
        http.response()
                .setStatusCode(401)
                .putHeader(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .end(problem.encode());
        return Uni.createFrom().item(true);
    }
}
