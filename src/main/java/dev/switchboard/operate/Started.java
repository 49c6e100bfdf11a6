package dev.switchboard.operate;

import jakarta.enterprise.context.ApplicationScoped;
import org.apache.camel.CamelContext;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Returns whether the routes run. */
@Startup
@ApplicationScoped
class Started implements HealthCheck {

    private final CamelContext routes;

    Started(CamelContext routes) {
        this.routes = routes;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("routes").status(routes.isStarted()).build();
    }
}
