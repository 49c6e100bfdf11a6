package dev.switchboard.console;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps pages of other sites from acting through a visitor's browser, and the console's from loading or running foreign code. */
final class Guard {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> names;

    /**
     * Guards a console.
     *
     * @param names by which it may be called in addition to {@code localhost} and addresses, which no other site can have
     */
    Guard(Set<String> names) {
        this.names = names;
    }

    /** Passes a request for the console on, with the headers that its answer needs, or refuses it. */
    void protect(RoutingContext http) {
        HttpServerResponse response = http.response();
        response.putHeader("Content-Security-Policy", POLICY);
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Referrer-Policy", "same-origin");
        response.putHeader("Cross-Origin-Opener-Policy", "same-origin");
        HostAndPort called = http.request().authority();
        if (called == null || !isOurs(called.host())) {
            refuse(
                    http,
                    421,
                    TEXT,
                    "The console is not called by this name. switchboard.console.hosts lists its names.");
        } else if (!READING.contains(http.request().method()) && !saysOurs(http.request())) {
            refuse(http, 403, TEXT, "This form was not sent from a page of this console.");
        } else if (isLogin(http.request()) && http.request().query() != null) {
            // addresses are kept by browsers, proxies and logs
            refuse(http, 400, TEXT, "Send the key in the form, not in the address. Revoke the key if it was in one.");
        } else if (isLogin(http.request()) && !isForm(http.request())) {
            refuse(http, 415, TEXT, "Send the key as a form: Content-Type: " + FORM + ".");
        } else {
            http.next();
        }
    }

    /** Passes calls of the API on, except those that another site's page makes a browser send: programs name no origin. */
    void protectApi(RoutingContext http) {
        HttpServerRequest request = http.request();
        boolean browser =
                request.headers().contains("Origin") || request.headers().contains("Sec-Fetch-Site");
        if (READING.contains(request.method()) || !browser || saysOurs(request)) {
            http.next();
        } else {
            var problem = new JsonObject()
                    .put("type", "about:blank")
                    .put("title", "A page of another site sent this; the bus takes calls of programs.")
                    .put("status", 403);
            refuse(http, 403, "application/problem+json", problem.encode());
        }
    }

    private static void refuse(RoutingContext http, int status, String type, String why) {
        http.response().setStatusCode(status).putHeader("Content-Type", type).end(why);
    }

    /** Checked because another site's name may lead here (DNS rebinding), so that its page and the console seem to be one site. */
    private boolean isOurs(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.startsWith("[")
                || name.matches("[\\d.]+")
                || name.matches("[\\da-f]*:[\\da-f:.]*")
                || names.contains(name);
    }

    private static boolean isLogin(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST) && request.path().startsWith(Login.PAGE);
    }

    private static boolean isForm(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    /** Browsers say where a form comes from. What does not is no browser's form, and can use the API instead. */
    private static boolean saysOurs(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader("Origin");
        return origin != null
                && request.authority() != null
                && authority(origin).equals(request.authority().toString());
    }

    private static String authority(String origin) {
        try {
            @Nullable String authority = URI.create(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
