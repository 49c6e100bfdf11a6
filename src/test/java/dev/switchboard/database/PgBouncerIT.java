package dev.switchboard.database;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import dev.switchboard.PostgresServer;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.TestedStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PgBouncer between the bus and PostgreSQL. */
@Tag("soak")
class PgBouncerIT {

    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private static Process start(Path folder, String url, int port, String mode) throws IOException {
        Path settings = Files.writeString(
                folder.resolve("pgbouncer.ini"),
                String.join(
                        "\n",
                        "[databases]",
                        "* = host=127.0.0.1 port=" + url.replaceAll(".*:(\\d+)/.*", "$1")
                                + " user=postgres password=postgres",
                        "[pgbouncer]",
                        "listen_addr = 127.0.0.1",
                        "listen_port = " + port,
                        "unix_socket_dir =",
                        "auth_type = any",
                        "pool_mode = " + mode,
                        "ignore_startup_parameters = extra_float_digits"));
        boolean root = System.getProperty("user.name").equals("root");
        List<String> command = new ArrayList<>(root ? List.of("unshare", "-U") : List.of());
        command.addAll(List.of(PROGRAM.toString(), settings.toString()));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pgbouncer.log").toFile())
                .start();
        await("PgBouncer").ignoreExceptions().until(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return true;
            }
        });
        return started;
    }

    @Test
    void aPoolOfSessionsWorksAndOneOfTransactionsIsRefused() throws Exception {
        assumeThat(PROGRAM).as("Debian's package pgbouncer").exists();
        Path folder = RunningBus.newFolder("pgbouncer");
        try (var server = PostgresServer.start(folder)) {
            TestedStore store = server.next(folder);
            int port = Ports.free();
            var settings = new HashMap<>(store.settings());
            settings.put("switchboard.sandbox.enabled", "true");
            String pooled = store.url().replaceFirst(":\\d+/", ":" + port + "/");
            settings.put("switchboard.store.url", pooled);
            Process pooler = start(folder, store.url(), port, "transaction");
            try {
                assertThatThrownBy(() -> RunningBus.start(folder, settings))
                        .hasMessageContaining("switchboard.store.url: a pooler gives each transaction another session");
            } finally {
                pooler.destroyForcibly().waitFor();
            }
            pooler = start(folder, store.url(), port, "session");
            try (RunningBus bus = RunningBus.start(folder, settings)) {
                RestClient rest = bus.rest();
                rest.submit(send("room-1", "hello").put("id", "m-1"));
                assertThat(rest.finished("m-1").path("state").asText()).isEqualTo("delivered");
            } finally {
                pooler.destroyForcibly().waitFor();
            }
        }
    }
}
