package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged bus, run as a separate process in its own folder, on free ports. */
final class DemoBus {

    private static final String MAIN = "io.quarkus.runner.GeneratedMain";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int restPort;
    private final int managementPort;
    private final int brokerPort;
    private final int publicPort;
    private final Process process;

    private DemoBus(List<String> jvm, Path folder, Map<String, String> more) throws IOException {
        this.folder = folder;
        List<Integer> ports = freePorts(4);
        restPort = ports.get(0);
        managementPort = ports.get(1);
        brokerPort = ports.get(2);
        publicPort = ports.get(3);
        process = launch(jvm, more);
    }

    /**
     * Starts the bus and waits until it is ready.
     *
     * @param jvm the command that runs a class of the program, with options
     * @param more settings in addition to those of every demo
     * @param longest how long it may take
     * @throws IllegalStateException when it does not get ready; the text ends with the end of its log
     */
    static DemoBus start(List<String> jvm, Map<String, String> more, Duration longest)
            throws IOException, InterruptedException {
        var bus = new DemoBus(jvm, Files.createTempDirectory("switchboard-demo"), more);
        Runtime.getRuntime().addShutdownHook(new Thread(bus.process::destroy));
        Instant deadline = Instant.now().plus(longest);
        while (!bus.isReady()) {
            if (!bus.process.isAlive() || Instant.now().isAfter(deadline)) {
                String log = bus.endOfLog();
                bus.stop();
                throw new IllegalStateException("the bus did not get ready; its log ends:\n" + log);
            }
            bus.process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return bus;
    }

    private Process launch(List<String> jvm, Map<String, String> more) throws IOException {
        var command = new ArrayList<>(jvm);
        more.forEach((name, value) -> command.add("-D" + name + "=" + value));
        settings().forEach(setting -> command.add("-D" + setting));
        command.add(MAIN);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        // An operator's own settings would send the samples to real vendors.
        builder.environment().keySet().removeIf(name -> name.startsWith("SWITCHBOARD_") || name.startsWith("QUARKUS_"));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private List<String> settings() {
        return List.of(
                "quarkus.http.port=" + restPort,
                "quarkus.management.port=" + managementPort,
                "switchboard.broker.port=" + brokerPort,
                "switchboard.public.port=" + publicPort,
                "switchboard.data-dir=" + folder.resolve("data"),
                "switchboard.files.dir=" + folder.resolve("files"),
                "switchboard.sandbox.enabled=true",
                // The real schedule takes hours, too long for a demo.
                "switchboard.lane.retry=200ms,500ms",
                "switchboard.lane.timeout=10s");
    }

    /** Sends a message and returns what the bus answered. */
    HttpResponse<String> post(JsonNode message) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + "/messages"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(message.toString()))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Returns what an answer finds wrong, one field after the other. */
    static String faults(HttpResponse<String> answer) throws IOException {
        var faults = new ArrayList<String>();
        for (JsonNode fault : Json.MAPPER.readTree(answer.body()).path("errors")) {
            faults.add(fault.path("field").asText() + " "
                    + fault.path("detail").asText(fault.path("rule").asText()));
        }
        return String.join("; ", faults);
    }

    /** Puts a file into the inbox, in one piece. */
    void drop(Path file) throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("files/inbox"));
        Path growing = inbox.resolve("." + file.getFileName());
        Files.copy(file, growing);
        Files.move(growing, inbox.resolve(String.valueOf(file.getFileName())), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns a file's results once all of its lines have one. */
    Optional<Path> results(Path file) {
        Path results = folder.resolve("files/results/" + file.getFileName() + ".results.csv");
        return Files.exists(results) ? Optional.of(results) : Optional.empty();
    }

    /** Returns the view of a message, or empty where the bus does not know it. */
    Optional<JsonNode> view(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(address() + "/messages/" + id);
        return answer.statusCode() == 200 ? Optional.of(Json.MAPPER.readTree(answer.body())) : Optional.empty();
    }

    String address() {
        return "http://127.0.0.1:" + restPort;
    }

    /** Where vendors call. */
    String publicAddress() {
        return "http://127.0.0.1:" + publicPort;
    }

    String managementAddress() {
        return "http://127.0.0.1:" + managementPort;
    }

    int brokerPort() {
        return brokerPort;
    }

    Path folder() {
        return folder;
    }

    Path log() {
        return folder.resolve("bus.log");
    }

    /** Waits until the bus has stopped. */
    void await() throws InterruptedException {
        process.waitFor();
    }

    String endOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** Stops the bus as an operator would, and waits until it has stopped. */
    void stop() throws InterruptedException {
        stop(Duration.ofSeconds(40));
    }

    /** Stops the bus, and kills it when that takes longer. */
    void stop(Duration longest) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Deletes all that the bus kept. */
    void forget() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get(managementAddress() + "/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            // Not listening yet.
            return false;
        }
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    /** Opens all at the same time, so that they are different ports. */
    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
