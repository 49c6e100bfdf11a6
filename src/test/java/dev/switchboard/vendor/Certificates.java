package dev.switchboard.vendor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that a server signed itself, made by the JDK's keytool. */
record Certificates(Path keyStore, Path pem) {

    static final String PASSWORD = "changeit";

    /** Makes a certificate for names such as {@code dns:localhost,ip:127.0.0.1}. */
    static Certificates selfSigned(Path folder, String names) throws IOException, InterruptedException {
        Path store = folder.resolve("server-" + System.nanoTime() + ".p12");
        Path pem = Path.of(store + ".pem");
        var made = new Certificates(store, pem);
        made.keytool("-genkeypair", "-dname", "CN=vendor", "-keyalg", "EC", "-validity", "2", "-ext", "san=" + names);
        made.keytool("-exportcert", "-rfc", "-file", pem.toString());
        return made;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "server", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", keyStore.toString()));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("keytool failed: " + command);
        }
    }

    /** Makes a key store that holds the certificate without its key. */
    static void trust(Certificates server, Path store) throws IOException, InterruptedException {
        new Certificates(store, server.pem).keytool("-importcert", "-noprompt", "-file", server.pem.toString());
    }

    /** Returns what a server with this certificate listens by. */
    SSLContext server() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
