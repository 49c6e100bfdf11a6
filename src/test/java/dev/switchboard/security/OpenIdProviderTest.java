package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an OpenID provider: which count, what they allow, and what happens while the provider is away. */
class OpenIdProviderTest {

    private final AtomicLong now = new AtomicLong();
    private OpenIdServer server;
    private OpenIdProvider provider;

    @BeforeEach
    void start() throws IOException {
        server = OpenIdServer.start();
        restart();
    }

    private void restart() {
        provider = new OpenIdProvider(settings(Map.of()), now::get);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OpenIdSettings settings(Map<String, String> further) {
        var all = new HashMap<>(server.settings());
        all.putAll(further);
        return read(all);
    }

    private static OpenIdSettings read(Map<String, String> settings) {
        return OpenIdSettings.read(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(settings, "test", 100))
                        .build())
                .orElseThrow();
    }

    private ApiKey grant(String token) {
        return provider.settings().grant(provider.checkAccessToken(token));
    }

    private void refuses(String token, int status) {
        assertThatThrownBy(() -> grant(token))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void anAccessTokenGrantsTheRolesOfItsClaim() {
        server.logIn(Map.of("sub", "mina", "roles", List.of("switchboard-operator", "switchboard-sender", "other")));
        ApiKey key = grant(server.sign(server.claims().build()));
        assertThat(key.name()).isEqualTo("mina@" + server.issuer().replace("http://", ""));
        assertThat(key.roles()).containsExactly("sender", "operator");
        assertThat(key.lanes()).isEmpty();
        assertThat(key.isStored()).isFalse();
    }

    /** What an attacker makes of a token, or of what else he has got. */
    interface Forgery {
        String make(OpenIdServer server) throws JOSEException;
    }

    private static Forgery claims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return named(name, server -> server.sign(change.apply(server.claims()).build()));
    }

    private static Forgery header(String name, UnaryOperator<JWSHeader.Builder> change) {
        return named(
                name,
                server -> server.sign(
                        change.apply(new JWSHeader.Builder(JWSAlgorithm.ES256)
                                        .keyID(server.key().getKeyID()))
                                .build(),
                        server.claims().build()));
    }

    private static Forgery named(String name, Forgery forgery) {
        return new Forgery() {
            @Override
            public String make(OpenIdServer server) throws JOSEException {
                return forgery.make(server);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    private static Date in(Duration time) {
        return Date.from(Instant.now().plus(time));
    }

    private static ECKey ofAttacker() {
        try (var other = OpenIdServer.start()) {
            return other.key();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSHeader header, OpenIdServer server) throws JOSEException {
        var token = new SignedJWT(header, server.claims().build());
        token.sign(new ECDSASigner(ofAttacker()));
        return token.serialize();
    }

    static Stream<Forgery> forgeries() {
        return Stream.of(
                named("alg none", server -> new PlainJWT(server.claims().build()).serialize()),
                named("the public key as a shared one", OpenIdProviderTest::byPublicKey),
                named(
                        "no signature",
                        server -> server.sign(server.claims().build()).replaceFirst("[^.]*$", "")),
                named("another's roles", OpenIdProviderTest::withOtherClaims),
                named(
                        "a key that no one knows",
                        server -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.ES256)
                                        .keyID("unknown")
                                        .build(),
                                server)),
                named(
                        "another key by the same name",
                        server -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.ES256)
                                        .keyID(server.key().getKeyID())
                                        .build(),
                                server)),
                named(
                        "a key in the token",
                        server -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.ES256)
                                        .jwk(ofAttacker().toPublicJWK())
                                        .build(),
                                server)),
                named(
                        "an address of keys in the token",
                        server -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.ES256)
                                        .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                                        .build(),
                                server)),
                named("encrypted, and not signed", OpenIdProviderTest::encrypted),
                claims("another issuer", claims -> claims.issuer("https://id.example.com")),
                claims("no issuer", claims -> claims.issuer(null)),
                claims("another audience", claims -> claims.audience("crm")),
                claims("no audience", claims -> claims.audience((String) null)),
                claims("the console's audience", claims -> claims.audience(OpenIdServer.CLIENT)),
                claims(
                        "an id token",
                        claims -> claims.audience(List.of(OpenIdServer.CLIENT, OpenIdServer.AUDIENCE))
                                .claim("nonce", "n")),
                claims("an id token without nonce", claims -> claims.claim("at_hash", "h")),
                claims("bound to its holder's key", claims -> claims.claim("cnf", Map.of("jkt", "k"))),
                claims("expired", claims -> claims.expirationTime(in(Duration.ofMinutes(-2)))),
                claims("without an end", claims -> claims.expirationTime(null)),
                claims("before its time", claims -> claims.notBeforeTime(in(Duration.ofMinutes(2)))),
                claims("about no one", claims -> claims.subject(null)),
                claims("about no one, in an empty text", claims -> claims.subject("")),
                header("a logout token", header -> header.type(new JOSEObjectType("logout+jwt"))),
                header(
                        "what must be understood",
                        header -> header.customParam("x", 1).criticalParams(Set.of("x"))),
                named("no token", server -> "eyJ"),
                named("three dots", server -> "ey..."),
                named("deep JSON", server -> "ey" + "[".repeat(8_000) + ".e30."),
                named("nothing", server -> ""));
    }

    private static String byPublicKey(OpenIdServer server) throws JOSEException {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(server.key().getKeyID())
                        .build(),
                server.claims().build());
        token.sign(new MACSigner(server.key().toECPublicKey().getEncoded()));
        return token.serialize();
    }

    private static String withOtherClaims(OpenIdServer server) {
        String[] parts = server.sign(server.claims().build()).split("\\.");
        server.logIn(Map.of("sub", "mina", "roles", List.of("switchboard-admin")));
        parts[1] = server.claims().build().toPayload().toBase64URL().toString();
        return String.join(".", parts);
    }

    private static String encrypted(OpenIdServer server) throws JOSEException {
        var token = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                        .keyID(server.key().getKeyID())
                        .build(),
                server.claims().build());
        token.encrypt(new ECDHEncrypter(server.key().toECPublicKey()));
        return token.serialize();
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void whatIsForgedIsRefused(Forgery forgery) throws JOSEException {
        refuses(forgery.make(server), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "AT+JWT"})
    void aTokenOfAKindThatIsForApisIsTaken(String type) {
        String token = server.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(server.key().getKeyID())
                        .type(new JOSEObjectType(type))
                        .build(),
                server.claims().build());
        assertThat(grant(token).roles()).containsExactly("operator");
    }

    @Test
    void anIdTokenOfAnotherClientIsRefused() {
        String token = server.sign(server.claims()
                .audience(List.of("crm", OpenIdServer.CLIENT))
                .claim("azp", "crm")
                .build());
        assertThatThrownBy(() -> provider.checkIdToken(token)).isInstanceOf(Refused.class);
        assertThatThrownBy(
                        () -> provider.checkIdToken(server.sign(server.claims().build())))
                .as("an access token")
                .isInstanceOf(Refused.class);
    }

    @Test
    void aProviderThatIsAwayAtFirstIsAskedAgainLater() {
        String token = server.sign(server.claims().build());
        server.down(true);
        refuses(token, 503);
        server.down(false);
        refuses(token, 503);
        assertThat(server.asked()).as("left alone for a while").hasSize(1);
        now.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(grant(token).roles()).containsExactly("operator");
    }

    @Test
    void aProviderThatGoesAwayLaterIsNotMissed() {
        grant(server.sign(server.claims().build()));
        server.down(true);
        assertThat(grant(server.sign(server.claims().build())).roles()).isNotEmpty();
        server.rotate();
        String byNewKey = server.sign(server.claims().build());
        assertThatThrownBy(() -> grant(byNewKey)).isInstanceOf(Refused.class);
    }

    @Test
    void withoutTheProvidersKeysNoTokenIsCalledWrong() {
        server.keyless(true);
        for (int i = 0; i < 5; i++) {
            refuses(server.sign(server.claims().build()), 503);
        }
        assertThat(server.asked()).as("the provider is asked at a limited rate").hasSizeLessThan(5);
    }

    @Test
    void aNewKeyOfTheProviderIsLookedUpAndTheOldOneCountsNoMore() {
        String old = server.sign(server.claims().build());
        grant(old);
        server.rotate();
        assertThat(grant(server.sign(server.claims().build())).roles()).isNotEmpty();
        refuses(old, 401);
    }

    @Test
    void unknownKeysDoNotMakeTheBusAskAgainAndAgain() throws JOSEException {
        grant(server.sign(server.claims().build()));
        for (int i = 0; i < 50; i++) {
            refuses(
                    signed(
                            new JWSHeader.Builder(JWSAlgorithm.ES256)
                                    .keyID("k" + i)
                                    .build(),
                            server),
                    401);
        }
        assertThat(server.asked()).hasSizeLessThan(5);
    }

    @Test
    void aProviderThatCallsItselfAnotherIsNotTaken() {
        var other = new OpenIdProvider(
                settings(Map.of("switchboard.oidc.issuer", server.issuer().replace("127.0.0.1", "localhost"))),
                now::get);
        assertThatThrownBy(
                        () -> other.checkAccessToken(server.sign(server.claims().build())))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.status()).isEqualTo(503));
    }

    @ParameterizedTest
    @CsvSource({
        "roles, '{\"roles\":\"switchboard-admin other\"}', admin",
        "roles, '{\"roles\":[\"switchboard-admin\",7,null,{\"a\":\"switchboard-sender\"}]}', admin",
        "roles, '{\"roles\":{\"switchboard-admin\":true}}', ''",
        "roles, '{\"roles\":[\"admin\",\"Switchboard-Admin\",\"*\",\"\"]}', ''",
        "roles, '{}', ''",
        "/realm_access/roles, '{\"realm_access\":{\"roles\":[\"switchboard-reader\"]}}', reader",
        "https://x.example/roles, '{\"https://x.example/roles\":[\"Bus Admins\"]}', operator",
    })
    void aClaimThatNamesNoRoleGivesNone(String claim, String claims, String roles) throws IOException {
        var settings = settings(
                Map.of("switchboard.oidc.roles-claim", claim, "switchboard.oidc.roles.operator", "Bus Admins"));
        assertThat(String.join(",", settings.grant(json(claims)).roles())).isEqualTo(roles);
    }

    private static JsonNode json(String claims) throws IOException {
        var json = (ObjectNode) Json.MAPPER.readTree(claims);
        return json.has("sub") ? json : json.put("sub", "mina");
    }

    @ParameterizedTest
    @CsvSource({
        "'[\"happytalk\",\"thulium/crm\"]', happytalk thulium/crm",
        "happytalk/default, happytalk/default",
        "'[\"*\"]', ''",
        "'[]', refused",
        "'', refused",
        "'[\"../x\"]', refused",
        "7, refused",
    })
    void lanesComeFromAClaimThatMustBeThere(String claim, String lanes) throws IOException {
        var settings = settings(Map.of("switchboard.oidc.lanes-claim", "lanes"));
        String value = claim.startsWith("[") || claim.equals("7") ? claim : "\"" + claim + "\"";
        if (lanes.equals("refused")) {
            assertThatThrownBy(() -> settings.grant(json("{\"lanes\":" + value + "}")))
                    .isInstanceOf(Refused.class);
            assertThatThrownBy(() -> settings.grant(json("{}"))).isInstanceOf(Refused.class);
        } else {
            assertThat(settings.grant(json("{\"lanes\":" + value + "}")).lanes())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(lanes.split(" "))
                            .filter(each -> !each.isEmpty())
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "anyone", "system", "=cmd()", "a\nb", "한글", "#a", "x@y"})
    void noSubjectHasTheNameOfAKeyOrOfTheBus(String subject) throws IOException {
        String name = settings(Map.of())
                .grant(json("{\"sub\":" + Json.MAPPER.writeValueAsString(subject) + "}"))
                .name();
        assertThat(name).endsWith("@" + server.issuer().replace("http://", "")).matches("[A-Za-z0-9#][!-~]+");
    }

    @Test
    void aLongSubjectIsCutAndStaysItsOwn() throws IOException {
        var settings = settings(Map.of());
        String one =
                settings.grant(json("{\"sub\":\"" + "a".repeat(5_000) + "\"}")).name();
        String other =
                settings.grant(json("{\"sub\":\"" + "a".repeat(5_001) + "\"}")).name();
        assertThat(one).hasSizeLessThan(200).isNotEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource({
        "switchboard.oidc.issuer=http://id.example.com, issuer",
        "switchboard.oidc.issuer=id.example.com, issuer",
        "switchboard.oidc.issuer=https://user:s3cret-value@id.example.com, issuer",
        "switchboard.oidc.issuer=, issuer",
        "switchboard.oidc.audience=console, audience",
    })
    void aWrongSettingIsNamed(String setting, String named) {
        var settings = new HashMap<>(
                Map.of("switchboard.oidc.issuer", "https://id.example.com", "switchboard.oidc.client-id", "console"));
        settings.put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("switchboard.oidc." + named)
                .hasMessageNotContaining("s3cret-value");
        assertThatThrownBy(() -> read(Map.of("switchboard.oidc.issuer", "https://id.example.com")))
                .hasMessageContaining("switchboard.oidc.client-id");
    }
}
