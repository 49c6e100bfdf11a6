package dev.switchboard.security;

import dev.switchboard.access.ApiKey;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BiFunction;

/** Says whose key it is that a program sends, that somebody logs in with, or that a session of the console is of. */
abstract class KeyIdentities<R extends AuthenticationRequest> implements IdentityProvider<R> {

    private final Keys keys;
    private final Class<R> type;
    private final BiFunction<Keys, R, Optional<ApiKey>> find;

    private KeyIdentities(Keys keys, Class<R> type, BiFunction<Keys, R, Optional<ApiKey>> find) {
        this.keys = keys;
        this.type = type;
        this.find = find;
    }

    @Override
    public Class<R> getRequestType() {
        return type;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(R request, AuthenticationRequestContext context) {
        Optional<SecurityIdentity> known = keys.isFresh() ? identity(request) : Optional.empty();
        return known.map(Uni.createFrom()::item).orElseGet(() -> context.runBlocking(() -> readAgain(request)));
    }

    /** A key that is not known may have been made a moment ago. */
    private SecurityIdentity readAgain(R request) {
        keys.refresh();
        return identity(request).orElseGet(this::unknown);
    }

    /** Answers for a key that does not count. */
    SecurityIdentity unknown() {
        throw new AuthenticationFailedException();
    }

    private Optional<SecurityIdentity> identity(R request) {
        return find.apply(keys, request).map(Caller::identity);
    }

    @Singleton
    static final class OfToken extends KeyIdentities<TokenAuthenticationRequest> {
        OfToken(Keys keys) {
            super(
                    keys,
                    TokenAuthenticationRequest.class,
                    (known, request) -> known.ofToken(request.getToken().getToken()));
        }
    }

    @Singleton
    static final class OfLogin extends KeyIdentities<UsernamePasswordAuthenticationRequest> {
        OfLogin(Keys keys) {
            super(
                    keys,
                    UsernamePasswordAuthenticationRequest.class,
                    (known, request) -> known.ofToken(
                            String.valueOf(request.getPassword().getPassword()).strip()));
        }
    }

    @Singleton
    static final class OfSession extends KeyIdentities<TrustedAuthenticationRequest> {
        OfSession(Keys keys) {
            super(keys, TrustedAuthenticationRequest.class, (known, request) -> known.valid(request.getPrincipal()));
        }

        /** Who comes with an old cookie is somebody who has yet to log in; refused, he would not see where. */
        @Override
        SecurityIdentity unknown() {
            return Caller.nobody();
        }
    }
}
