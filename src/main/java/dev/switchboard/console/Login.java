package dev.switchboard.console;

import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.security.LoginAddress;
import dev.switchboard.security.Sessions;
import dev.switchboard.security.SignOn;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets people log in, with a key of the API or at the OpenID provider, and out. */
@Singleton
final class Login {

    static final String PAGE = "/console/login";

    private static final String FAILED = PAGE + "?failed=yes";
    private static final String HOME = "/console";
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final Instance<Sessions> sessions;
    private final Instance<Optional<SignOn>> signOn;

    Login(Instance<Sessions> sessions, Instance<Optional<SignOn>> signOn) {
        this.sessions = sessions;
        this.signOn = signOn;
    }

    /** Shows the form, and to a visitor whose session has ended why. */
    Screen show(Api api, Visit visit) {
        String failed = visit.given("failed");
        String ended = visit.ended(sessions.get())
                .map(end -> end.name().toLowerCase(Locale.ROOT))
                .orElse("");
        return Screen.of(
                "login",
                Map.of(
                        "failed", Texts.has("failed_" + failed) ? failed : "",
                        "ended", failed.isEmpty() ? ended : "",
                        "signOn", provider().isPresent()));
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

    /** Returns the provider at which people sign on, if there is one. */
    Optional<SignOn> provider() {
        return signOn.get().filter(SignOn::isForConsole);
    }

    /** Leads to the provider. */
    void signOn(RoutingContext http, SignOn provider) {
        Cookie begun = provider.begin(http.request());
        http.response().addCookie(begun);
        provider.leadToProvider(http.request(), begun)
                .onSuccess(address -> Console.redirect(http, address))
                .onFailure(e -> refuse(http, e));
    }

    /** Leads someone who comes back from the provider to the address that was asked for. */
    void back(RoutingContext http, SignOn provider, BiConsumer<RoutingContext, String> lead) {
        HttpServerRequest request = http.request();
        String asked = LoginAddress.of(request).orElse(HOME);
        Future<SignOn.SignedOn> signedOn = provider.end(request);
        http.response().addCookie(provider.forget(request));
        signedOn.map(known -> sessions.get().logIn(request, known.key(), SignOn.detail("person", known.person())))
                .onSuccess(session -> {
                    http.response().addCookie(session).addCookie(LoginAddress.forget());
                    lead.accept(http, asked);
                })
                .onFailure(e -> refuse(http, e));
    }

    private void refuse(RoutingContext http, Throwable why) {
        int status = why instanceof Refused refused ? refused.status() : 500;
        if (status == 500) {
            LOG.error("A sign-on failed", why);
        }
        sessions.get().refused(http.request(), SignOn.detail("why", why.getMessage()), status);
        Console.redirect(http, PAGE + "?failed=" + status);
    }

    /** Ends the session, and then the provider's if that began it. */
    void leave(RoutingContext http, BiConsumer<RoutingContext, String> lead) {
        HttpServerRequest request = http.request();
        Caller known = Caller.of(http.user(), null);
        http.response().addCookie(sessions.get().logOut(request));
        Optional<SignOn> provider = provider().filter(any -> known != null && known.hasSignedOn());
        if (provider.isEmpty()) {
            Console.redirect(http, PAGE);
        } else {
            provider.get().leadOut(request).onSuccess(address -> lead.accept(http, address));
        }
    }
}
