package dev.switchboard.console;

import dev.switchboard.security.Caller;
import dev.switchboard.security.LoginAddress;
import dev.switchboard.security.Sessions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Lets people log in with a key of the API, and out. */
@Singleton
final class Login {

    static final String PAGE = "/console/login";

    private static final String FAILED = PAGE + "?failed=yes";
    private static final String HOME = "/console";

    private final Instance<Sessions> sessions;

    Login(Instance<Sessions> sessions) {
        this.sessions = sessions;
    }

    /** Shows the form, and to a visitor whose session has ended why. */
    Screen show(Api api, Visit visit) {
        boolean failed = !visit.given("failed").isEmpty();
        String ended = visit.ended(sessions.get())
                .map(end -> end.name().toLowerCase(Locale.ROOT))
                .orElse("");
        return Screen.of("login", Map.of("failed", failed, "ended", failed ? "" : ended));
    }

    /** Takes the key from the form alone: an address is in logs. A bus without keys needs no login. */
    void enter(RoutingContext http) {
        HttpServerRequest request = http.request();
        Caller known = Caller.of(http.user(), null);
        if (known != null && known.sender() == null) {
            Console.redirect(http, HOME);
            return;
        }
        String key = Objects.requireNonNullElse(request.getFormAttribute("key"), "");
        String asked = LoginAddress.of(request).orElse(HOME);
        Optional<Cookie> session = sessions.get().logIn(request, key);
        // only now: a cookie of the answer replaces that of the request, which was read above
        session.ifPresent(cookie -> http.response().addCookie(cookie).addCookie(LoginAddress.forget()));
        Console.redirect(http, session.isEmpty() ? FAILED : asked);
    }

    void leave(RoutingContext http) {
        http.response().addCookie(sessions.get().logOut(http.request()));
        Console.redirect(http, PAGE);
    }
}
