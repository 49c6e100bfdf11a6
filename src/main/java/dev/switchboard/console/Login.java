package dev.switchboard.console;

import io.quarkus.vertx.http.runtime.FormAuthConfig.CookieSameSite;
import io.quarkus.vertx.http.security.Form;
import io.quarkus.vertx.http.security.HttpSecurity;
import io.vertx.core.http.Cookie;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Lets people log in with a key of the API, by Quarkus' form and its encrypted cookie. A restart of the bus logs out. */
@Singleton
final class Login {

    static final String PAGE = "/console/login";
    static final String FAILED = PAGE + "?failed=yes";

    private static final String COOKIE = "switchboard-session";
    /** Its files come from the API itself, which takes forms of its own pages only. */
    private static final String PATH = "/";

    private static final Duration IDLE = Duration.ofMinutes(30);

    void secure(@Observes HttpSecurity security) {
        security.mechanism(Form.builder()
                .loginPage(PAGE)
                .postLocation(PAGE)
                .errorPage(FAILED)
                .landingPage("/console")
                .usernameParameter("key")
                .passwordParameter("key")
                .cookieName(COOKIE)
                .cookiePath(PATH)
                .httpOnlyCookie(true)
                .cookieSameSite(CookieSameSite.STRICT)
                .timeout(IDLE)
                .newCookieInterval(Duration.ofMinutes(1))
                .encryptionKey(chance())
                .build());
    }

    /** Shows the form, and why it is shown to a viewer whose session has ended. */
    static Screen show(Api api, Visit visit) {
        boolean failed = !visit.given("failed").isEmpty();
        boolean ended = !failed
                && visit.viewer().caller() == null
                && !visit.remembered(COOKIE).isEmpty();
        return Screen.of("login", Map.of("failed", failed, "ended", ended));
    }

    private static String chance() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** Returns the cookie that takes a session away. */
    static Cookie ended() {
        return Cookie.cookie(COOKIE, "").setPath(PATH).setMaxAge(0).setHttpOnly(true);
    }
}
