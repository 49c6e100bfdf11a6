package dev.switchboard.security;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Remembers which address of the console a visitor asked for, until the login is done. */
public final class LoginAddress {

    private static final String COOKIE = "switchboard-address";
    private static final String PATH = "/console";
    private static final int LONGEST = 2_000;
    private static final long SECONDS = 600;
    private static final Pattern OURS = Pattern.compile("/console([/?][\\x21-\\x7e&&[^\\\\]]*)?");

    private LoginAddress() {}

    /** Returns the cookie that keeps the address of a request. */
    static Cookie keep(HttpServerRequest request) {
        String address = request.uri().length() > LONGEST ? "" : request.uri();
        return cookie(URLEncoder.encode(address, StandardCharsets.UTF_8)).setMaxAge(SECONDS);
    }

    /** Returns the cookie that forgets it. */
    public static Cookie forget() {
        return cookie("").setMaxAge(0);
    }

    /** Returns the address that was kept, if it is one of the console: a login leads to no other page. */
    public static Optional<String> of(HttpServerRequest request) {
        return Optional.ofNullable(request.getCookie(COOKIE))
                .flatMap(cookie -> decoded(cookie.getValue()))
                .filter(LoginAddress::isOurs);
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns whether an address is one of the console. */
    public static boolean isOurs(String address) {
        return OURS.matcher(address).matches();
    }

    /** A lax one comes along, too, when the provider of a sign-on sends the browser back. */
    private static Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value).setPath(PATH).setHttpOnly(true).setSameSite(CookieSameSite.LAX);
    }
}
