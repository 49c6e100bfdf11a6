package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.Ports;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that takes messages by REST and sends them to a vendor, as a process: Switchboard, or what it is compared with
 * ({@code bench/<name>}, of which each has a {@code build} and a {@code run PORT VENDOR_URL DATA_DIR [BROKER_PORT]}).
 */
record Party(String name, int port, int broker, Process process, Path folder) implements AutoCloseable {

    /** How fast the clock of {@code /proc/<pid>/stat} ticks (USER_HZ). */
    private static final int TICKS = 100;

    private static final String PREFIX = "switchboard.vendors.happytalk.accounts.";

    static final String SWITCHBOARD = "switchboard";

    /** Starts one without data, and returns when it listens. */
    static Party start(String name, String vendor, Map<String, String> settings) throws Exception {
        return start(name, vendor, settings, RunningBus.newFolder("bench-" + name));
    }

    /** Starts one in a folder, and returns when it listens. */
    static Party start(String name, String vendor, Map<String, String> settings, Path folder) throws Exception {
        return name.equals(SWITCHBOARD)
                ? switchboard(Ports.free(), Ports.free(), vendor, settings, folder)
                : other(name, Ports.free(), Ports.free(), vendor, folder);
    }

    private static Party switchboard(int port, int broker, String vendor, Map<String, String> settings, Path folder)
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
        RunningBus bus = RunningBus.start(folder, all, jvm);
        return new Party(SWITCHBOARD, port, broker, bus.process(), folder);
    }

    private static Party other(String name, int port, int broker, String vendor, Path folder) throws Exception {
        Path home = Path.of("bench", name).toAbsolutePath();
        if (!Files.isExecutable(home.resolve("run"))) {
            throw new IllegalArgumentException("there is no party bench/" + name);
        }
        run(List.of(home.resolve("build").toString()), folder).waitFor();
        Process process = run(
                List.of(
                        home.resolve("run").toString(),
                        Integer.toString(port),
                        vendor,
                        folder.toString(),
                        Integer.toString(broker)),
                folder);
        await(name)
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || listens(port));
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " does not start: see " + folder.resolve("party.log"));
        }
        return new Party(name, port, broker, process, folder);
    }

    private static Process run(List<String> command, Path folder) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("party.log").toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
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

    /** Returns the queue that it takes messages from. */
    String queue() {
        return name.equals(SWITCHBOARD) ? "switchboard.messages" : "messages";
    }

    /** Returns the CPU time that the process has taken, in seconds: its own and the system's for it. */
    double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS;
    }

    /** Returns the most memory that the process has had (RSS), in megabytes. */
    long peak() throws IOException {
        return RunningBus.memory(process, "VmHWM");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
