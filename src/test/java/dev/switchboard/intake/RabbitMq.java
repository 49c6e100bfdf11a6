package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** RabbitMQ 3 of Debian's package {@code rabbitmq-server}, with its plugin for AMQP 1.0, as a process with a folder of its own. */
final class RabbitMq implements AutoCloseable {

    private static final Path INSTALLED = Path.of("/usr/lib/rabbitmq/lib");

    private final int port = Ports.free();
    private final int names = Ports.free();
    private final Path folder;
    private final Process process;

    /** Starts the server, and returns when it listens. */
    RabbitMq(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("plugins"), "[rabbitmq_amqp1_0].\n");
        Files.writeString(
                folder.resolve("rabbitmq.conf"),
                "listeners.tcp.1 = 127.0.0.1:" + port + "\nloopback_users.guest = true\n");
        process = command(program("rabbitmq-server"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("rabbitmq.log").toFile())
                .start();
        await("RabbitMQ in " + folder).atMost(Duration.ofMinutes(2)).until(this::listens);
    }

    /** Returns whether the package is there. */
    static boolean isInstalled() {
        return find("rabbitmq-server").isPresent();
    }

    private static Optional<Path> find(String name) {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("sbin").resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String program(String name) {
        return find(name).orElseThrow().toString();
    }

    private ProcessBuilder command(String... command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        var environment = builder.environment();
        environment.put("HOME", folder.toString());
        environment.put("ERL_EPMD_PORT", "" + names);
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", "switchboard" + port + "@localhost");
        environment.put("RABBITMQ_DIST_PORT", "" + Ports.free());
        environment.put("RABBITMQ_NODE_PORT", "" + port);
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
        return builder;
    }

    private boolean listens() {
        assertThat(process.isAlive()).as("RabbitMQ in " + folder).isTrue();
        return answers(port);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the address of the server. */
    String url() {
        return "amqp://127.0.0.1:" + port + "?amqp.saslMechanisms=PLAIN";
    }

    /** Runs {@code rabbitmqctl} for this server. */
    void control(String... command) throws IOException, InterruptedException {
        String[] all = Stream.concat(Stream.of(program("rabbitmqctl")), Stream.of(command))
                .toArray(String[]::new);
        run(all);
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process run = command(command).redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
    }

    /** The server leaves the process behind that knows the names of servers, which does not end while it knows one. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        await("the end of RabbitMQ")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !process.isAlive() && all.stream().noneMatch(this::isLeft));
        await("the end of epmd").atMost(Duration.ofSeconds(30)).until(this::epmdEnds);
    }

    /** Some of its helpers go with it, and epmd later. */
    private boolean isLeft(ProcessHandle each) {
        return each.isAlive() && !each.info().command().orElse("").endsWith("epmd");
    }

    private boolean epmdEnds() throws IOException, InterruptedException {
        command("epmd", "-kill").start().waitFor();
        return !answers(names);
    }
}
