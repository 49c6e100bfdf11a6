package dev.switchboard.console;

import dev.switchboard.security.Access;
import dev.switchboard.security.Caller;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a screen, and how it is shown.
 *
 * @param language of the texts
 * @param zone of the times
 * @param browserZone as the browser names it; empty before it has
 * @param utc whether the viewer has chosen UTC instead
 * @param caller null for a visitor who has not logged in
 * @param may the calls of the API that the caller's roles allow
 */
record Viewer(
        String language,
        ZoneId zone,
        String browserZone,
        boolean utc,
        @Nullable Caller caller,
        Set<String> may) {

    /** The cookie in which the browser names its time zone. */
    private static final String ZONE = "zone";

    static Viewer of(RoutingContext http, Access access) {
        HttpServerRequest request = http.request();
        Caller caller = Caller.of(http.user(), request.remoteAddress());
        String browserZone = Visit.decoded(cookie(request, ZONE));
        boolean utc = cookie(request, Times.CLOCK).equals(Times.UTC);
        String language = cookie(request, Texts.ATTRIBUTE);
        return new Viewer(
                Texts.language(language.isEmpty() ? null : language, request.getHeader("Accept-Language")),
                utc ? ZoneId.of("UTC") : Times.zone(browserZone),
                browserZone,
                utc,
                caller,
                caller == null ? Set.of() : access.allowed(caller.roles()));
    }

    static String cookie(HttpServerRequest request, String name) {
        Cookie cookie = request.getCookie(name);
        return cookie == null ? "" : cookie.getValue();
    }

    boolean may(String operation) {
        return may.contains(operation);
    }

    /** Returns the name of the caller's key; nothing for a visitor who needs none or has none. */
    public String name() {
        return caller == null ? "" : Objects.requireNonNullElse(caller.sender(), "");
    }
}
