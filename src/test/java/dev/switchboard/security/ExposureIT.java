package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RunningBus;
import dev.switchboard.store.Store;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bus that others can reach is closed to them, or does not start. */
class ExposureIT {

    private static final Pattern SECURE = Pattern.compile("Listening on: https://[\\d.]+:(\\d+)");
    private static final String PASSWORD = "of-a-test";

    private Path folder;

    @BeforeEach
    void newFolder() throws IOException {
        folder = RunningBus.newFolder("exposure");
    }

    private String key() {
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), "", "")) {
            return new Keys(store.access())
                    .create(new NewKey("root", List.of("admin"), List.of(), "", null, null))
                    .orElseThrow();
        }
    }

    private String refusal(Map<String, String> settings) throws IOException {
        RunningBus bus = RunningBus.launch(folder, settings);
        assertThat(bus.exitStatus()).isNotZero();
        assertThat(bus.log()).doesNotContain("\tat ").doesNotContain("Listening on");
        return bus.log();
    }

    @Test
    void withoutAKeyItIsNotOpenToOthers() throws IOException {
        assertThat(refusal(Map.of("quarkus.http.host", "0.0.0.0")))
                .contains(
                        "quarkus.http.host=0.0.0.0", "no key", "./switchboard key create", "switchboard.insecure=true");
    }

    @Test
    void withoutTlsItIsNotOpenToOthers() throws IOException {
        key();
        assertThat(refusal(Map.of("quarkus.management.host", "0.0.0.0")))
                .contains("quarkus.management.host=0.0.0.0", "unencrypted", "quarkus.tls.key-store.pem.0.cert");
    }

    @Test
    void whoSaysSoAloudGetsAnOpenBus() throws IOException {
        try (RunningBus bus =
                RunningBus.launch(folder, Map.of("quarkus.http.host", "0.0.0.0", "switchboard.insecure", "true"))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !bus.isAlive() || bus.log().contains("Listening on"));
            assertThat(bus.log()).contains("switchboard.insecure", "Listening on: http://0.0.0.0:");
            awaitReady(bus, "http");
        }
    }

    /** The addresses of the ready line have the real port, not the 0 of the settings. */
    private static void awaitReady(RunningBus bus, String scheme) {
        Pattern ready = Pattern.compile(
                "Switchboard is ready: API (" + scheme + "://localhost:[1-9]\\d+), console \\1/console\n");
        await("the ready line").until(() -> ready.matcher(bus.log()).find());
    }

    private Path certificate() throws Exception {
        Path store = folder.resolve("tls.p12");
        Files.deleteIfExists(store);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "bus",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return store;
    }

    /** The pods' own store and volumes are a folder here, and their secrets are none. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak")
    void theSettingsForKubernetesStartABusThatOthersCanReach(boolean byEnvironment) throws Exception {
        var store = KeyStore.getInstance(certificate().toFile(), PASSWORD.toCharArray());
        pem("tls.crt", "CERTIFICATE", store.getCertificate("bus").getEncoded());
        pem(
                "tls.key",
                "PRIVATE KEY",
                store.getKey("bus", PASSWORD.toCharArray()).getEncoded());
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("install/kubernetes/application.properties"))) {
            properties.load(in);
        }
        var settings = new HashMap<String, String>();
        properties.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("switchboard.store."))
                .forEach(name -> settings.put(
                        name, properties.getProperty(name).replace("/run/switchboard/tls", folder.toString())));
        settings.put("quarkus.http.ssl-port", "0");
        settings.put("switchboard.shutdown.delay", "0s");
        var environment = new HashMap<String, String>();
        if (byEnvironment) {
            for (String end : List.of("cert", "key")) {
                environment.put(
                        "QUARKUS_TLS_POD_KEY_STORE_PEM_0_" + end.toUpperCase(Locale.ROOT),
                        settings.remove("quarkus.tls.pod.key-store.pem.0." + end));
            }
        }
        key();
        try (RunningBus bus = RunningBus.launch(folder, settings, environment)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !bus.isAlive() || bus.log().contains("Switchboard is ready: API https://"));
            assertThat(bus.log())
                    .contains("Management interface listening on https://", "Listening on: https://0.0.0.0:");
        }
    }

    private void pem(String name, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                folder.resolve(name), "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private Map<String, String> tls() throws Exception {
        Path store = certificate();
        var settings = new HashMap<String, String>();
        settings.put("quarkus.http.host", "0.0.0.0");
        settings.put("quarkus.http.ssl-port", "0");
        settings.put("quarkus.http.insecure-requests", "disabled");
        settings.put("quarkus.tls.key-store.p12.path", store.toString());
        settings.put("quarkus.tls.key-store.p12.password", PASSWORD);
        settings.put("quarkus.tls.reload-period", "4s");
        settings.put("quarkus.management.tls-configuration-name", "ops");
        settings.put("quarkus.tls.ops.key-store.p12.path", store.toString());
        settings.put("quarkus.tls.ops.key-store.p12.password", PASSWORD);
        settings.put("switchboard.start.public", "true");
        settings.put("switchboard.public.port", "0");
        return settings;
    }

    @Test
    void withAKeyAndTlsItTakesCallsOfWhomItKnows() throws Exception {
        String key = key();
        try (RunningBus bus = RunningBus.launch(folder, tls())) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !bus.isAlive() || bus.log().contains("Listening on"));
            Matcher listening = SECURE.matcher(bus.log());
            assertThat(listening.find()).as(bus.log()).isTrue();
            assertThat(bus.log()).doesNotContain("Listening on: http://");
            awaitReady(bus, "https");
            URI lanes = URI.create("https://localhost:" + listening.group(1) + "/lanes");
            HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
            assertThat(status(client, HttpRequest.newBuilder(lanes).build())).isEqualTo(401);
            assertThat(status(
                            client,
                            HttpRequest.newBuilder(lanes)
                                    .header("Authorization", "Bearer " + key)
                                    .build()))
                    .isEqualTo(200);
            assertThatBrowsersKeepToTls(bus, client, lanes);
            assertThatASessionIsForThisHostAlone(client, lanes, key);
            SSLContext old = trusting();
            certificate();
            assertThat(trusts(old, lanes)).isTrue();
            SSLContext fresh = trusting();
            await("another certificate").atMost(Duration.ofSeconds(20)).until(() -> trusts(fresh, lanes));
            assertThat(trusts(old, lanes)).isFalse();
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(lanes).build(), BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static void assertThatBrowsersKeepToTls(RunningBus bus, HttpClient client, URI lanes) throws Exception {
        URI health = URI.create(found(bus, "Management interface listening on (https://[\\d.]+:\\d+)") + "/q/health");
        URI page = URI.create(found(bus, "The public port is (https://[\\d.]+:\\d+)") + "/start/kakao/default");
        for (URI each : List.of(lanes, lanes.resolve("/console"), lanes.resolve("/nothing"), health, page)) {
            var answer = client.send(HttpRequest.newBuilder(each).build(), BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                    .as(each.toString())
                    .contains("max-age=31536000");
            assertThat(answer.version()).as(each.toString()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    private static String found(RunningBus bus, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(bus.log());
        assertThat(found.find()).as(bus.log()).isTrue();
        return found.group(1).replace("0.0.0.0", "localhost");
    }

    private static void assertThatASessionIsForThisHostAlone(HttpClient client, URI bus, String key) {
        HttpRequest login = HttpRequest.newBuilder(bus.resolve("/console/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString("key=" + key))
                .build();
        HttpHeaders answered = await("a handshake")
                .ignoreException(SSLHandshakeException.class)
                .until(() -> client.send(login, BodyHandlers.discarding()).headers(), any -> true);
        assertThat(answered.allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("__Host-switchboard-session=")
                        .contains("; Path=/;", "; Secure", "; HTTPOnly", "; SameSite=Strict"));
    }

    /** The certificate is read again every 4 s here, and a handshake that meets that is cut: then the call is made again. */
    private static int status(HttpClient client, HttpRequest request) {
        return await("a handshake")
                .ignoreException(SSLHandshakeException.class)
                .until(() -> client.send(request, BodyHandlers.discarding()).statusCode(), any -> true);
    }

    private static boolean trusts(SSLContext known, URI address) throws Exception {
        try {
            HttpClient.newBuilder()
                    .sslContext(known)
                    .build()
                    .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
            return true;
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    private SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(folder.resolve("tls.p12").toFile())) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("bus", store.getCertificate("bus"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
