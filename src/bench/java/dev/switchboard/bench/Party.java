package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.Ports;
import dev.switchboard.PostgresServer;
import dev.switchboard.RunningBus;
import dev.switchboard.TestedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program that takes messages by REST and sends them to a vendor, as a process: Switchboard or a {@link Peer}, each also as
 * {@code <name>-postgresql}, with a PostgreSQL server of its own; Switchboard also {@link Secured}.
 */
record Party(
        String name,
        @Nullable Peer peer,
        int port,
        int broker,
        Process process,
        @Nullable PostgresServer server,
        Path folder,
        String parts)
        implements AutoCloseable {

    static final String SWITCHBOARD = "switchboard";

    private static final String ON_POSTGRESQL = "-postgresql";
    private static final String PREFIX = "switchboard.vendors.happytalk.accounts.";

    /** Starts one in a folder, and returns when it listens. */
    static Party start(String name, String vendor, Map<String, String> settings, Path folder) throws Exception {
        String stored = Secured.without(name);
        String program =
                stored.endsWith(ON_POSTGRESQL) ? stored.substring(0, stored.length() - ON_POSTGRESQL.length()) : stored;
        Peer peer = program.equals(SWITCHBOARD) ? null : Peer.named(program);
        if (program.equals(stored)) {
            return start(name, peer, vendor, settings, folder, null);
        }
        if (peer != null && !peer.takesDatabase()) {
            throw new IllegalArgumentException("bench/" + program + " cannot use PostgreSQL");
        }
        PostgresServer server = PostgresServer.start(folder);
        try {
            return start(name, peer, vendor, settings, folder, server);
        } catch (Exception e) {
            server.close();
            throw e;
        }
    }

    private static Party start(
            String name,
            @Nullable Peer peer,
            String vendor,
            Map<String, String> settings,
            Path folder,
            @Nullable PostgresServer server)
            throws Exception {
        TestedStore store = server == null ? null : server.next(folder);
        String made = peer == null ? "" : peer.build(folder);
        int port = Ports.free();
        int broker = Ports.free();
        Process process;
        if (peer == null) {
            var all = new HashMap<>(settings);
            all.putAll(store == null ? Map.of() : store.settings());
            process = switchboard(port, broker, vendor, all, folder);
        } else {
            process = other(peer, port, broker, vendor, store, folder);
        }
        String data = store == null ? "" : "on PostgreSQL " + version(store);
        String parts = Stream.of(made, data).filter(each -> !each.isEmpty()).collect(Collectors.joining(", "));
        return new Party(name, peer, port, broker, process, server, folder, parts);
    }

    private static String version(TestedStore store) throws SQLException {
        try (Connection connection = store.connect()) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    private static Process switchboard(int port, int broker, String vendor, Map<String, String> settings, Path folder)
            throws IOException {
        var all = new HashMap<>(Map.of(
                "quarkus.http.port", Integer.toString(port),
                "switchboard.broker.url", "embedded",
                "switchboard.broker.port", Integer.toString(broker)));
        for (String account : settings.getOrDefault("accounts", "default").split(",", -1)) {
            String prefix = PREFIX + account + ".";
            all.putAll(
                    Map.of(prefix + "biz-url", vendor, prefix + "client-id", "id", prefix + "client-secret", "secret"));
        }
        all.putAll(settings);
        all.remove("accounts");
        String[] jvm =
                BusProgram.asShipped(System.getProperty("bench.jvm", "-Xmx256m").split(" ", -1));
        return RunningBus.start(folder, all, jvm).process();
    }

    private static Process other(
            Peer peer, int port, int broker, String vendor, @Nullable TestedStore store, Path folder)
            throws IOException {
        Map<String, String> environment = store == null ? Map.of() : Map.of(Peer.DATABASE, store.url());
        Path jdk = Path.of(System.getProperty("java.home"));
        Process process = peer.start(jdk, port, vendor, folder, broker, environment);
        await(peer.name())
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || listens(port));
        if (!process.isAlive()) {
            throw new IllegalStateException(peer.name() + " does not start: see " + folder.resolve("party.log"));
        }
        return process;
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the name of the setting that says where an account's vendor is. */
    static String bizUrl(String account) {
        return PREFIX + account + ".biz-url";
    }

    /** Returns whether it is Switchboard, with any store. */
    static boolean isSwitchboard(String name) {
        return Secured.without(name).equals(SWITCHBOARD) || name.equals(SWITCHBOARD + ON_POSTGRESQL);
    }

    /** Returns the queue that it takes messages from. */
    String queue() {
        return peer == null ? "switchboard.messages" : "messages";
    }

    /** Returns the CPU time of its process and of its database server, in seconds: their own and the system's for them. */
    double cpu() throws IOException {
        return CpuTime.of(process.toHandle()) + (server == null ? 0 : CpuTime.ofAll(server.process()));
    }

    /** Returns the most memory that the process has had (RSS), in megabytes. */
    long peak() throws IOException {
        return RunningBus.memory(process, "VmHWM");
    }

    /** Prints the versions of its parts, and the options that its JVM has got. */
    void print() throws IOException {
        String all = Stream.of(parts, Origin.options(process))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("; "));
        System.out.println("- " + name + ": " + all);
    }

    /** Ends a process as SIGTERM does, and one that does not end within a minute as {@code kill -9} does. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end(process);
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
