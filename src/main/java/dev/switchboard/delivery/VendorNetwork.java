package dev.switchboard.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultProxyRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * How vendors are reached, {@code switchboard.vendors.*}: whose certificates are believed, and through which proxy.
 * Certificates and the names in them are always checked; there is no setting that leaves it out.
 */
public final class VendorNetwork {

    private static final String PREFIX = "switchboard.vendors.";
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))");

    private final @Nullable SSLContext trust;
    private final @Nullable HttpHost proxy;
    private final Optional<String> username;
    private final Optional<String> password;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException when one is wrong; the text names it
     */
    public VendorNetwork(Config config) {
        Optional<String> store = config.getOptionalValue(PREFIX + "trust-store", String.class);
        String secret = config.getOptionalValue(PREFIX + "trust-store-password", String.class)
                .orElse("");
        this.trust =
                store.map(file -> trust(Path.of(file), secret.toCharArray())).orElse(null);
        this.proxy = config.getOptionalValue(PREFIX + "proxy", String.class)
                .map(VendorNetwork::proxy)
                .orElse(null);
        this.username = config.getOptionalValue(PREFIX + "proxy-username", String.class);
        this.password = config.getOptionalValue(PREFIX + "proxy-password", String.class);
    }

    private static HttpHost proxy(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
            throw new IllegalArgumentException(PREFIX + "proxy: must be host:port, such as proxy.example:3128");
        }
        return new HttpHost(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    private static SSLContext trust(Path file, char[] password) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----");
            KeyStore store = pem ? pem(bytes) : pkcs12(bytes, password);
            if (store.size() == 0) {
                throw new IOException("holds no certificate");
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    PREFIX + "trust-store: " + file + " cannot be read as PEM or PKCS12 (" + e.getMessage() + ")", e);
        }
    }

    private static KeyStore pkcs12(byte[] bytes, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(bytes), password);
        return store;
    }

    private static KeyStore pem(byte[] bytes) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("certificate-" + store.size(), certificate);
        }
        return store;
    }

    /** Returns what decides whose certificates are believed; without a setting the JVM does. */
    Optional<SSLContext> trust() {
        return Optional.ofNullable(trust);
    }

    /** Sends calls through the proxy, but for those to the machine itself, such as the sandbox's. */
    void configure(HttpClientBuilder client) {
        if (proxy == null) {
            // whose login alone would be remembered
            client.disableAuthCaching();
            return;
        }
        client.setRoutePlanner(new DefaultProxyRoutePlanner(proxy) {
            @Override
            protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
                return isLoopback(target.getHostName()) ? null : proxy;
            }
        });
        username.ifPresent(user -> {
            var login = new BasicCredentialsProvider();
            login.setCredentials(
                    new AuthScope(proxy),
                    new UsernamePasswordCredentials(user, password.orElse("").toCharArray()));
            client.setDefaultCredentialsProvider(login);
        });
    }

    /** Looks up no name: those of vendors may be known to the proxy alone. */
    private static boolean isLoopback(String host) {
        try {
            boolean literal = host.matches("[\\d.]+") || host.contains(":");
            return host.equals("localhost")
                    || (literal && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
