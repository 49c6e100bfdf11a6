package dev.switchboard.torture;

import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts, kills and starts again an {@link ExternalBroker} in the same folder and on the same port. */
final class BrokerProcess implements AutoCloseable {

    private final Path folder;
    private final int port = Ports.free();
    private @Nullable Process process;

    BrokerProcess(Path folder) {
        this.folder = folder;
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExternalBroker.class.getName(),
                        folder.resolve("external-broker").toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(
                        Redirect.appendTo(folder.resolve("external-broker.log").toFile()))
                .start();
        await("the broker's start")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(this::answers);
    }

    private boolean answers() {
        try (JMSContext session = QueueFeeder.connections(url()).createContext()) {
            return session != null;
        } catch (JMSRuntimeException e) {
            return false;
        }
    }

    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
