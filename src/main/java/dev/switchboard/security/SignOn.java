package dev.switchboard.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs people on at the console by OpenID Connect's authorization code flow, and programs at the API by access tokens. The
 * browser keeps one random text meanwhile; state, nonce and PKCE's verifier are made of it, so the bus keeps nothing.
 */
public final class SignOn {

    /** Where the provider sends people back to: the address to register there, behind the console's own. */
    public static final String BACK = "/console/sign-on/back";

    private static final String LOGIN = "/console/login";
    private static final String COOKIE = "switchboard-sign-on";
    private static final long SECONDS = 600;
    /** A provider that does not answer holds up these alone, and no one who has a key. */
    private static final int THREADS = 2;

    private static final int LONGEST = 200;

    private final OpenIdProvider provider;
    private final OpenIdSettings settings;
    private final WorkerExecutor workers;

    /** Someone who may come in. */
    public record SignedOn(ApiKey key, String person) {}

    /** Signs on with a provider. */
    public SignOn(OpenIdProvider provider, Vertx vertx) {
        this.provider = provider;
        this.settings = provider.settings();
        this.workers = vertx.createSharedWorkerExecutor("sign-on", THREADS);
    }

    /** Returns whether people sign on at the console. */
    public boolean isForConsole() {
        return !settings.clientId().isEmpty();
    }

    /** Returns whether a text may be an access token for the API. */
    boolean takes(String token) {
        return !settings.audience().isEmpty() && token.startsWith("ey");
    }

    /** Returns what the audit says of a sign-on: of what others choose, the beginning. */
    public static String detail(String name, @Nullable String value) {
        return Json.object()
                .put(name, AuditEntry.cut(String.valueOf(value), LONGEST))
                .toString();
    }

    private <T> Future<T> ask(Callable<T> task) {
        return workers.executeBlocking(task, false);
    }

    /** Returns what an access token allows; fails with {@link Refused} (401, 503). */
    Future<ApiKey> ofAccessToken(String token) {
        return ask(() -> settings.grant(provider.checkAccessToken(token)));
    }

    /** Returns the cookie that keeps the secret of a sign-on until its end. */
    public Cookie begin(HttpServerRequest request) {
        return cookie(request, Keys.randomText()).setMaxAge(SECONDS);
    }

    /** Returns the cookie that forgets it. */
    public Cookie forget(HttpServerRequest request) {
        return cookie(request, "").setMaxAge(0);
    }

    /** A lax cookie comes back with the browser, whom another site sends; a strict one would not. */
    private static Cookie cookie(HttpServerRequest request, String value) {
        return Sessions.cookie(request, COOKIE, value).setSameSite(CookieSameSite.LAX);
    }

    /** Returns the address of the provider where someone says who he is. */
    public Future<String> leadToProvider(HttpServerRequest request, Cookie begun) {
        String secret = begun.getValue();
        var query = Map.of(
                "response_type",
                "code",
                "scope",
                "openid profile",
                "client_id",
                settings.clientId(),
                "redirect_uri",
                base(request) + BACK,
                "state",
                part("state", secret),
                "nonce",
                part("nonce", secret),
                "code_challenge",
                base64(Sha256.of(part("verifier", secret))),
                "code_challenge_method",
                "S256");
        return ask(() -> with(provider.known().address("authorization_endpoint"), query));
    }

    /** Returns who has come back from the provider; fails with {@link Refused} (401, 403, 503). */
    public Future<SignedOn> end(HttpServerRequest request) {
        String secret = Sessions.given(request, COOKIE);
        String code = given(request, "code");
        String redirect = base(request) + BACK;
        if (secret.isEmpty() || !isSame(given(request, "state"), part("state", secret))) {
            return refuse("This browser did not begin it, or too long ago.");
        }
        String issuer = Objects.requireNonNullElse(
                request.getParam("iss"), settings.issuer().toString());
        if (code.isEmpty() || !issuer.equals(settings.issuer().toString())) {
            return refuse("The provider did not confirm it: " + given(request, "error"));
        }
        return ask(() -> signedOn(provider.checkIdToken(idToken(code, redirect, secret)), secret));
    }

    private static <T> Future<T> refuse(String why) {
        return Future.failedFuture(Refused.because(401, why));
    }

    private SignedOn signedOn(JsonNode claims, String secret) {
        if (!isSame(claims.path("nonce").asText(), part("nonce", secret))) {
            throw Refused.because(401, "The token is of another sign-on.");
        }
        ApiKey key = settings.grant(claims);
        if (key.roles().isEmpty()) {
            throw Refused.because(403, key.name() + " has no role here; the claim is " + settings.rolesClaim() + ".");
        }
        return new SignedOn(key, claims.path("preferred_username").asText());
    }

    private String idToken(String code, String redirect, String secret) {
        var form = new TreeMap<>(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirect,
                "code_verifier",
                part("verifier", secret)));
        var request = HttpRequest.newBuilder(URI.create(provider.known().address("token_endpoint")));
        if (settings.clientSecret().isEmpty()) {
            form.put("client_id", settings.clientId());
        } else {
            String login = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return provider.ask(request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(query(form))))
                .path("id_token")
                .asText();
    }

    /** Returns the provider's address where its own session ends, which leads back to the login; the login where it has none. */
    public Future<String> leadOut(HttpServerRequest request) {
        var query = Map.of("client_id", settings.clientId(), "post_logout_redirect_uri", base(request) + LOGIN);
        return ask(() -> {
                    String address = provider.known().logout();
                    return address.isEmpty() ? LOGIN : with(address, query);
                })
                .otherwise(LOGIN);
    }

    /** By this name the console was called, which it only is by one of its own. */
    private static String base(HttpServerRequest request) {
        return request.scheme() + "://" + request.authority();
    }

    private static String given(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getParam(name), "");
    }

    /** Returns a text that only who knows the secret can make, and that does not tell it. */
    private static String part(String purpose, String secret) {
        return base64(Sha256.of(purpose + ":" + secret));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String with(String address, Map<String, String> query) {
        return address + (address.contains("?") ? "&" : "?") + query(query);
    }

    private static String query(Map<String, String> values) {
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
