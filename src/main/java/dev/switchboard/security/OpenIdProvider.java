package dev.switchboard.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to the OpenID provider, and checks its tokens. It is asked when someone first signs on, not at the start: the bus
 * starts and takes keys without it. All calls may wait for it.
 */
public final class OpenIdProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenIdProvider.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String LOGOUT = "end_session_endpoint";
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final long KEYS_LIVE = Duration.ofMinutes(5).toMillis();
    private static final long KEYS_LIVE_IN_AN_OUTAGE = Duration.ofHours(1).toMillis();
    private static final long KEYS_ASKED_FOR = Duration.ofSeconds(5).toMillis();

    /** Those with two keys: with a shared one, a program that checks tokens could make them. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Stream.of(JWSAlgorithm.Family.RSA, JWSAlgorithm.Family.EC)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** An id token says who someone is, and lets no one in; one that is bound to a key of its holder's must come with a proof. */
    private static final Set<String> NOT_FOR_THE_API = Set.of("nonce", "at_hash", "cnf");

    private final OpenIdSettings settings;
    private final LongSupplier nanos;
    private @Nullable HttpClient client;
    private @Nullable Known known;
    private @Nullable Long failedAt;
    private volatile boolean keysAreMissing;

    /** What the provider says of itself. */
    record Known(JsonNode metadata, JWKSource<SecurityContext> keys) {

        /** Returns an address of the provider. */
        String address(String name) {
            return metadata.path(name).asText();
        }

        /** Returns the address where its own sessions end; empty where it has none. */
        String logout() {
            return address(LOGOUT);
        }
    }

    /** Knows a provider by its settings alone. */
    public OpenIdProvider(OpenIdSettings settings) {
        this(settings, System::nanoTime);
    }

    OpenIdProvider(OpenIdSettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
    }

    OpenIdSettings settings() {
        return settings;
    }

    /**
     * Returns the claims of an access token for the API.
     *
     * @throws Refused (401) when it is not valid here, (503) when that cannot be found out now
     */
    JsonNode checkAccessToken(String token) {
        return check(
                token, settings.audience(), NOT_FOR_THE_API, JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null);
    }

    /**
     * Returns the claims of an id token for the console.
     *
     * @throws Refused as above
     */
    JsonNode checkIdToken(String token) {
        JsonNode claims = check(token, settings.clientId(), Set.of(), JOSEObjectType.JWT, null);
        if (!claims.path("azp").asText(settings.clientId()).equals(settings.clientId())) {
            throw Refused.because(401, "The token was made for another client.");
        }
        return claims;
    }

    private JsonNode check(String token, String audience, Set<String> prohibited, @Nullable JOSEObjectType... types) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new HashSet<>(Arrays.asList(types))));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, known().keys()));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                Set.of(audience),
                new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
                Set.of("sub", "exp", "iat"),
                prohibited));
        try {
            return Json.parse(processor.process(token, null).toString());
        } catch (JWKSetUnavailableException e) {
            throw unreachable(e);
        } catch (RateLimitReachedException e) {
            // an unknown key, and the keys were looked up a moment ago: in vain, or it is not one of them
            throw keysAreMissing
                    ? unavailable()
                    : Refused.because(401, "No current key of the provider has signed it.");
        } catch (BadJOSEException | JOSEException | ParseException e) {
            throw Refused.because(401, String.valueOf(e.getMessage()));
        }
    }

    /** Returns what the provider says of itself. One that cannot be reached is left alone for a few seconds. */
    synchronized Known known() {
        if (known != null) {
            return known;
        }
        if (failedAt != null && nanos.getAsLong() - failedAt < PATIENCE.toNanos()) {
            throw unavailable();
        }
        try {
            known = discover();
            return known;
        } catch (IOException | IllegalArgumentException e) {
            failedAt = nanos.getAsLong();
            throw unreachable(e);
        }
    }

    private static Refused unreachable(Exception e) {
        LOG.warn("The OpenID provider (switchboard.oidc.issuer) cannot be used now: {}", e.getMessage());
        return unavailable();
    }

    private static Refused unavailable() {
        return Refused.because(503, "The OpenID provider cannot be used now. Try again, or use an API key.");
    }

    private Known discover() throws IOException {
        String issuer = settings.issuer().toString();
        JsonNode metadata = read(HttpRequest.newBuilder(
                URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration")));
        if (!metadata.path("issuer").asText().equals(issuer)) {
            throw new IOException("it calls itself " + metadata.path("issuer").asText());
        }
        for (String each : List.of("jwks_uri", "authorization_endpoint", "token_endpoint", LOGOUT)) {
            String address = metadata.path(each).asText();
            if (!address.startsWith(settings.issuer().getScheme() + "://")
                    && !(each.equals(LOGOUT) && address.isEmpty())) {
                throw new IOException("its " + each + " is not an address like its own");
            }
        }
        String keys = metadata.path("jwks_uri").asText();
        return new Known(
                metadata,
                JWKSourceBuilder.<SecurityContext>create(URI.create(keys).toURL(), url -> keys(keys))
                        .cache(KEYS_LIVE, PATIENCE.toMillis())
                        .refreshAheadCache(false)
                        .rateLimited(KEYS_ASKED_FOR)
                        .outageTolerant(KEYS_LIVE_IN_AN_OUTAGE)
                        .build());
    }

    private Resource keys(String address) throws IOException {
        keysAreMissing = true;
        String keys = send(HttpRequest.newBuilder(URI.create(address)));
        keysAreMissing = false;
        return new Resource(keys, null);
    }

    /**
     * Asks the provider something.
     *
     * @throws Refused (503) when it does not answer as it should; the log says how
     */
    JsonNode ask(HttpRequest.Builder request) {
        try {
            return read(request);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private JsonNode read(HttpRequest.Builder request) throws IOException {
        try {
            return Json.MAPPER.readTree(send(request));
        } catch (JsonProcessingException e) {
            throw new IOException("it answers with what is not JSON", e);
        }
    }

    private String send(HttpRequest.Builder request) throws IOException {
        HttpRequest asked =
                request.timeout(PATIENCE).header("Accept", "application/json").build();
        try {
            HttpResponse<InputStream> answer = client().send(asked, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                // the time-out is for the headers alone
                CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> close(body));
                byte[] read = body.readNBytes(LARGEST_ANSWER);
                if (answer.statusCode() != 200) {
                    throw new IOException(asked.uri() + " answers with HTTP " + answer.statusCode());
                }
                return new String(read, StandardCharsets.UTF_8);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            LOG.debug("An answer of the OpenID provider was cut off", e);
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        }
        return client;
    }
}
