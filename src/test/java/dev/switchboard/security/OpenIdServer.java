package dev.switchboard.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** An OpenID provider whose user is always logged in there: the code flow with PKCE, and tokens of any content. */
public final class OpenIdServer implements AutoCloseable {

    public static final String CLIENT = "switchboard-console";
    public static final String SECRET = "console-s3cret";
    public static final String AUDIENCE = "switchboard-api";

    private final HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile ECKey key = newKey();
    private volatile Map<String, Object> user = Map.of("sub", "mina", "roles", List.of("switchboard-operator"));
    private volatile boolean down;
    private volatile boolean keyless;

    private OpenIdServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.start();
    }

    public static OpenIdServer start() throws IOException {
        return new OpenIdServer(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
    }

    /** Returns its address, as its tokens name it. */
    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/test";
    }

    /** Returns the settings of a bus that takes it for the console and the API. */
    public Map<String, String> settings() {
        return Map.of(
                "switchboard.oidc.issuer", issuer(),
                "switchboard.oidc.client-id", CLIENT,
                "switchboard.oidc.client-secret", SECRET,
                "switchboard.oidc.audience", AUDIENCE);
    }

    /** From now on someone else is logged in. */
    public void logIn(Map<String, Object> claims) {
        user = claims;
    }

    /** Answers nothing any more but with errors, or as before. */
    public void down(boolean isDown) {
        down = isDown;
    }

    /** Answers all but the question for its keys, or all again. */
    void keyless(boolean isKeyless) {
        keyless = isKeyless;
    }

    /** Takes another key. */
    public void rotate() {
        key = newKey();
    }

    /** Returns the paths that were asked for. */
    public List<String> asked() {
        return asked;
    }

    ECKey key() {
        return key;
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the claims of an access token that is valid. */
    public JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        var claims = new JWTClaimsSet.Builder();
        user.forEach(claims::claim);
        return claims.issuer(issuer())
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    public String sign(JWTClaimsSet claims) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(key.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
    }

    String sign(JWSHeader header, JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(header, claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath();
        asked.add(path);
        if (down || (keyless && path.endsWith("/keys"))) {
            answer(http, 500, "{}");
            return;
        }
        switch (path.replace("/realms/test", "")) {
            case "/.well-known/openid-configuration" ->
                answer(http, 200, metadata().toString());
            case "/keys" -> answer(http, 200, new JWKSet(key).toString());
            case "/authorize" -> authorize(http);
            case "/token" -> token(http);
            case "/logout" ->
                redirect(
                        http,
                        parameters(http.getRequestURI().getRawQuery()).getOrDefault("post_logout_redirect_uri", ""));
            default -> answer(http, 404, "{}");
        }
    }

    private ObjectNode metadata() {
        return new ObjectMapper()
                .createObjectNode()
                .put("issuer", issuer())
                .put("jwks_uri", issuer() + "/keys")
                .put("authorization_endpoint", issuer() + "/authorize")
                .put("token_endpoint", issuer() + "/token")
                .put("end_session_endpoint", issuer() + "/logout");
    }

    private void authorize(HttpExchange http) throws IOException {
        Map<String, String> given = parameters(http.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, given);
        redirect(http, given.get("redirect_uri") + "?code=" + code + "&state=" + given.get("state"));
    }

    private void token(HttpExchange http) throws IOException {
        Map<String, String> form = parameters(new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> begun = codes.remove(Objects.requireNonNullElse(form.get("code"), ""));
        String login =
                "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        if (begun == null
                || !login.equals(http.getRequestHeaders().getFirst("Authorization"))
                || !Objects.equals(begun.get("redirect_uri"), form.get("redirect_uri"))
                || !Objects.equals(begun.get("code_challenge"), challenge(form.getOrDefault("code_verifier", "")))) {
            answer(http, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        String token = sign(
                claims().audience(CLIENT).claim("nonce", begun.get("nonce")).build());
        answer(http, 200, "{\"id_token\":\"" + token + "\"}");
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
    }

    private static void redirect(HttpExchange http, String address) throws IOException {
        http.getResponseHeaders().add("Location", address);
        answer(http, 302, "");
    }

    private static void answer(HttpExchange http, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        http.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
