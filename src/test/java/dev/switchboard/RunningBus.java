package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged program as a process of its own, with its settings, data and log in one folder. */
public final class RunningBus implements AutoCloseable {

    private static final Path PROGRAM = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final List<String> UNPRIVILEGED =
            List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on (http://127\\.0\\.0\\.1:\\d+)");

    private final Path folder;
    private final Path log;
    private final Process process;

    private RunningBus(Path folder, Path log, Process process) {
        this.folder = folder;
        this.log = log;
        this.process = process;
    }

    /** Makes a new folder under {@code target/}. */
    public static Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target/bus")), name + "-")
                .toAbsolutePath();
    }

    /** Starts a bus, and returns when it listens. */
    public static RunningBus start(Path folder, Map<String, String> settings, String... jvm) throws IOException {
        RunningBus bus = launch(folder, settings, jvm);
        bus.awaitStart();
        return bus;
    }

    /** Starts a bus that may end by itself. */
    public static RunningBus launch(Path folder, Map<String, String> settings, String... jvm) throws IOException {
        return launch(folder, settings, Map.of(), jvm);
    }

    /** Starts a bus that may end by itself, with variables added to its environment. */
    public static RunningBus launch(
            Path folder, Map<String, String> settings, Map<String, String> environment, String... jvm)
            throws IOException {
        writeSettings(folder, settings);
        return launchWith(folder, environment, BusProgram.command(jvm));
    }

    /** Starts a bus by {@code ./switchboard start}; it may end by itself. */
    static RunningBus launchHere(Path folder, Path launcher) throws IOException {
        writeSettings(folder, Map.of());
        return launchWith(folder, Map.of(), List.of("sh", launcher.toString(), "start"));
    }

    /** Starts a bus of an installation, which has its own settings; it may end by itself. */
    static RunningBus launchInstalled(Path folder, Map<String, String> environment, String... command)
            throws IOException {
        return launchWith(folder, environment, List.of(command));
    }

    /** Starts a bus as a user who owns nothing but its folder; for a test that runs as root. */
    public static RunningBus startAsNobody(Path folder, Map<String, String> settings) throws Exception {
        writeSettings(folder, settings);
        assertThat(run("chown", "-R", "nobody", folder.toString())).isZero();
        List<String> command = new ArrayList<>(UNPRIVILEGED);
        command.addAll(BusProgram.command());
        RunningBus bus = launchWith(folder, Map.of(), command);
        bus.awaitStart();
        return bus;
    }

    /** Returns whether {@link #startAsNobody} can be used here. */
    public static boolean canStartAsNobody() throws Exception {
        List<String> command = new ArrayList<>(UNPRIVILEGED);
        command.addAll(List.of("test", "-r", PROGRAM.toAbsolutePath().toString()));
        return System.getProperty("user.name").equals("root") && run(command.toArray(String[]::new)) == 0;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** Starts a bus with a command of its own, which may end by itself. */
    public static RunningBus launch(Path folder, Map<String, String> settings, List<String> command)
            throws IOException {
        writeSettings(folder, settings);
        return launchWith(folder, Map.of(), command);
    }

    private static RunningBus launchWith(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        Path log = folder.resolve("bus-" + System.nanoTime() + ".log");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(BusProgram.environment());
        builder.environment().putAll(environment);
        return new RunningBus(folder, log, builder.redirectOutput(log.toFile()).start());
    }

    private static void writeSettings(Path folder, Map<String, String> settings) throws IOException {
        var all = new Properties();
        all.putAll(Map.of(
                "quarkus.http.port",
                "0",
                "quarkus.management.port",
                "0",
                "switchboard.broker.url",
                "none",
                "switchboard.shutdown.delay",
                "0s"));
        all.putAll(settings);
        Path config = Files.createDirectories(folder.resolve("config"));
        try (Writer out = Files.newBufferedWriter(config.resolve("application.properties"))) {
            all.store(out, null);
        }
    }

    /** Replaces the file of settings while the bus runs. */
    public void writeSettings(Map<String, String> settings) throws IOException {
        writeSettings(folder, settings);
    }

    /** Returns when the bus listens. */
    public void awaitStart() throws IOException {
        await("the start in " + folder)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || listening().find());
        if (!process.isAlive()) {
            throw new IllegalStateException("the bus does not start: " + log());
        }
    }

    /** Returns the process. */
    public Process process() {
        return process;
    }

    /** Returns whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    private Matcher listening() throws IOException {
        return LISTENING.matcher(log());
    }

    /** Returns a client of the bus. */
    public RestClient rest() throws IOException {
        Matcher listening = listening();
        if (!listening.find()) {
            throw new IllegalStateException("the bus does not listen");
        }
        return new RestClient(URI.create(listening.group(1)));
    }

    /** Returns a client of its management port. */
    public RestClient management() throws IOException {
        Matcher listening = MANAGEMENT.matcher(log());
        if (!listening.find()) {
            throw new IllegalStateException("the bus does not listen");
        }
        return new RestClient(URI.create(listening.group(1)));
    }

    /** Returns a file in the folder of dropped files. */
    public File file(String name) {
        return folder.resolve("files").resolve(name).toFile();
    }

    /** Returns all that the process has printed. */
    public String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Returns the CPU time that the process has taken. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Returns, in megabytes, what Linux notes of the process's memory under a name such as {@code VmRSS}. */
    public long memory(String name) throws IOException {
        return memory(process, name);
    }

    /** Returns the same of any process. */
    public static long memory(Process process, String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            String line = lines.filter(each -> each.startsWith(name + ":"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        }
    }

    /** Returns how many files and sockets Linux says that the process has open. */
    public int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) files.count();
        }
    }

    /** Returns how many threads the process has. */
    public int threads() throws IOException {
        try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return (int) threads.count();
        }
    }

    /** Kills the process as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        ended(10);
    }

    /** Waits until the process ends by itself, and returns its exit status. */
    public int exitStatus() {
        if (!ended(60)) {
            kill();
            throw new AssertionError("the bus goes on");
        }
        return process.exitValue();
    }

    /** Waits until the process has ended. */
    void awaitEnd(Duration longest) {
        await("the end in " + folder).atMost(longest).until(() -> !process.isAlive());
    }

    /** Asks the process to end, as SIGTERM does, and does not wait for it. */
    public void terminate() {
        process.destroy();
    }

    /** Stops the process as SIGTERM does. */
    @Override
    public void close() {
        process.destroy();
        if (!ended(40)) {
            kill();
        }
    }

    /** Stops the process as SIGTERM does; returns its status. */
    int stop() throws InterruptedException {
        close();
        return process.waitFor();
    }

    private boolean ended(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
