package dev.switchboard.intake;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

/** Tells browsers that came by TLS to come by nothing else for a year: otherwise a key could still be typed into a forged page. */
public final class HttpsOnly {

    private static final String YEAR = "max-age=31536000";

    private HttpsOnly() {}

    /** Takes its place before all others that handle requests. */
    public static void register(Router router) {
        router.route().order(Integer.MIN_VALUE).handler(http -> {
            tell(http.request());
            http.next();
        });
    }

    /** Adds the header to the answer of a request by TLS. */
    public static void tell(HttpServerRequest request) {
        if (request.isSSL()) {
            request.response().putHeader("Strict-Transport-Security", YEAR);
        }
    }
}
