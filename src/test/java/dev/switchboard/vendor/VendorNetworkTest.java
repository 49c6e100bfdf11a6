package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.delivery.DeliveryFailed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vendors over real TLS, with certificates that are right and wrong, and through a real proxy. */
class VendorNetworkTest {

    private static final String MESSAGE = "{'text':'a','conversationId':'r','customerId':'u','type':'text'}";
    private static final String TRUST = "switchboard.vendors.trust-store";

    @TempDir
    private static Path folder;

    private static Certificates certificate;
    private static Certificates another;

    private FakeVendor vendor = FakeVendor.start();

    @BeforeAll
    static void make() throws Exception {
        certificate = Certificates.selfSigned(folder, "dns:localhost,dns:vendor.example");
        another = Certificates.selfSigned(folder, "dns:another.example");
    }

    @AfterEach
    void stop() {
        vendor.close();
    }

    private void start(Certificates own) throws Exception {
        vendor.close();
        vendor = FakeVendor.start(own.server().getServerSocketFactory());
        vendor.enqueue(
                200, Map.of("Content-Type", "application/json"), "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    }

    private static Exchange send(String url, Map<String, String> network) throws Exception {
        var account = Map.of("biz-url", url, "client-id", "id-1", "client-secret", "secret-1");
        try (var camel = new DefaultCamelContext()) {
            camel.start();
            return new VendorRoutes(camel, VendorRoutes.account("happytalk", account), network)
                    .exchange("send", MESSAGE);
        }
    }

    private String url(String host) {
        return "https://" + host + ":" + vendor.port();
    }

    private void assertNeverSent(Exchange done, String why) {
        assertThat(done.getException()).isInstanceOfSatisfying(DeliveryFailed.class, failed -> {
            assertThat(failed.getFailureClass()).hasToString("unavailable");
            assertThat(failed.mayHaveBeenSent()).isFalse();
            assertThat(failed)
                    .extracting(DeliveryFailed::meaning, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                    .contains(why);
        });
        assertThat(vendor.requests()).isEmpty();
        assertThat(done.getMessage().getHeaders().toString()).doesNotContain("HT-Client-Secret");
        assertThat(done.getMessage().getBody()).isNull();
    }

    @Test
    void aVendorWhoseCertificateNobodySignedGetsNothing() throws Exception {
        start(certificate);
        assertNeverSent(send(url("localhost"), Map.of()), "PKIX");
    }

    @Test
    void aVendorIsBelievedByACertificateInAFileOfPem() throws Exception {
        start(certificate);
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(another.pem()) + Files.readString(certificate.pem()));
        assertThat(send(url("localhost"), Map.of(TRUST, both.toString())).getException())
                .isNull();
        assertThat(vendor.requests()).hasSize(1);
    }

    @Test
    void aVendorIsBelievedByACertificateInAKeyStore() throws Exception {
        start(certificate);
        Path store = folder.resolve("trust.p12");
        Certificates.trust(certificate, store);
        var network = Map.of(TRUST, store.toString(), TRUST + "-password", Certificates.PASSWORD);
        assertThat(send(url("localhost"), network).getException()).isNull();
    }

    @Test
    void anOwnTrustStoreIsTheOnlyOne() throws Exception {
        start(certificate);
        assertNeverSent(send(url("localhost"), Map.of(TRUST, another.pem().toString())), "PKIX");
    }

    @Test
    void aBelievedCertificateForAnotherNameIsRefused() throws Exception {
        start(another);
        assertNeverSent(send(url("localhost"), Map.of(TRUST, another.pem().toString())), "localhost");
    }

    @Test
    void aVendorIsCalledThroughTheProxyWhichAloneKnowsItsName() throws Exception {
        start(certificate);
        String login = Base64.getEncoder().encodeToString("bus:s3cret".getBytes(StandardCharsets.UTF_8));
        try (var proxy = new TunnelProxy(vendor.port(), login)) {
            var network = new HashMap<>(Map.of(TRUST, certificate.pem().toString()));
            network.put("switchboard.vendors.proxy", "127.0.0.1:" + proxy.port());
            assertNeverSent(send("https://vendor.example:4433", network), "proxy");
            network.put("switchboard.vendors.proxy-username", "bus");
            network.put("switchboard.vendors.proxy-password", "s3cret");
            Exchange done = send("https://vendor.example:4433", network);
            assertThat(done.getException()).isNull();
            assertThat(proxy.asked()).contains("CONNECT vendor.example:4433 HTTP/1.1");
            assertThat(vendor.requests()).hasSize(1);
        }
    }

    @Test
    void whatIsOnTheMachineItselfIsCalledWithoutTheProxy() throws Exception {
        start(certificate);
        try (var proxy = new TunnelProxy(1, "")) {
            var network = Map.of(
                    TRUST, certificate.pem().toString(), "switchboard.vendors.proxy", "127.0.0.1:" + proxy.port());
            assertThat(send(url("localhost"), network).getException()).isNull();
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void aProxyThatRefusesLeavesTheMessageUnsent() throws Exception {
        start(certificate);
        try (var proxy = new TunnelProxy(1, "")) {
            var network = Map.of("switchboard.vendors.proxy", "127.0.0.1:" + proxy.port());
            Exchange done = send("https://vendor.example", network);
            assertNeverSent(done, "could not be reached");
        }
    }

    @Test
    void aWrongSettingIsNamed() throws Exception {
        start(certificate);
        assertThatThrownBy(() -> send(url("localhost"), Map.of(TRUST, "nowhere.pem")))
                .hasMessageContaining(TRUST + ": nowhere.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> send(url("localhost"), Map.of(TRUST, empty.toString())))
                .hasMessageContaining(TRUST);
        assertThatThrownBy(() -> send(url("localhost"), Map.of("switchboard.vendors.proxy", "http://p:1/")))
                .hasMessageContaining("switchboard.vendors.proxy: must be host:port");
    }
}
