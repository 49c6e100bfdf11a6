package dev.switchboard.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Shows metrics to readers, operators and admins of all lanes: they count what every lane does. */
@Singleton
final class MetricsPolicy implements HttpSecurityPolicy {

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext http, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        return identity.map(known -> Caller.of(known, null).seesAll() ? CheckResult.PERMIT : CheckResult.DENY);
    }
}
