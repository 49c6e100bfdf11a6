package dev.switchboard.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** An SFTP server on the loopback address. It notes each look into a folder, and what was the case when a file was moved. */
final class SftpServer implements AutoCloseable {

    private final SshServer server = SshServer.setUpDefaultServer();
    private final SimpleGeneratorHostKeyProvider keys = new SimpleGeneratorHostKeyProvider();
    private final KeyPair userKey = newKey();
    private final Path root;
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final Map<String, Boolean> moved = new ConcurrentHashMap<>();

    /**
     * Starts a server.
     *
     * @param root the folder that it shows
     * @param password which the user {@code bus} has
     * @param onMove what is noted of each file that is moved
     */
    SftpServer(Path root, String password, Predicate<String> onMove) throws IOException {
        this.root = root;
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(keys);
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.setPasswordAuthenticator((user, given, session) -> {
            logins.incrementAndGet();
            return user.equals("bus") && given.equals(password);
        });
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("bus") && KeyUtils.compareKeys(key, userKey.getPublic()));
        var sftp = new SftpSubsystemFactory();
        sftp.addSftpEventListener(new SftpEventListener() {
            @Override
            public void readingEntries(ServerSession session, String handle, DirectoryHandle folder) {
                looks.incrementAndGet();
            }

            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options) {
                String name = from.getFileName().toString();
                moved.put(name, onMove.test(name));
            }
        });
        server.setSubsystemFactories(List.of(sftp));
        server.start();
    }

    int port() {
        return server.getPort();
    }

    /** Returns the server's line of a file of known hosts. */
    String knownHost() throws IOException {
        KeyPair key = keys.loadKeys(null).iterator().next();
        return "[127.0.0.1]:" + port() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n";
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the private key of the user {@code bus}, as ssh-keygen does. */
    void writeUserKey(Path file, String passphrase) throws IOException, GeneralSecurityException {
        var encryption = new OpenSSHKeyEncryptionContext();
        encryption.setCipherName("AES");
        encryption.setCipherType("256");
        encryption.setPassword(passphrase);
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "bus", encryption, out);
        }
    }

    Path file(String name) {
        return root.resolve("outbox").resolve(name);
    }

    /** Returns the names of the files in a folder, without the times before them. */
    List<String> names(String folder) throws IOException {
        try (var files = Files.list(file(folder))) {
            return files.map(each -> each.getFileName().toString().replaceFirst("^\\d{17}-", ""))
                    .sorted()
                    .toList();
        }
    }

    int logins() {
        return logins.get();
    }

    int looks() {
        return looks.get();
    }

    /** Returns what was noted of each file that was moved. */
    Map<String, Boolean> moved() {
        return Map.copyOf(moved);
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
