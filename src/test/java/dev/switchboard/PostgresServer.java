package dev.switchboard;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A real PostgreSQL server, which can be killed and comes back on the same port with the same data. */
public final class PostgresServer implements Stores {

    private static final String USER = "postgres";
    private static final String DATA = "postgresql";

    private final EmbeddedPostgres server;
    private final Path folder;
    private ProcessHandle process;
    private int databases;

    private PostgresServer(EmbeddedPostgres server, Path folder) throws IOException {
        this.server = server;
        this.folder = folder;
        // what the library has started may be the parent of the server
        this.process = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(folder.resolve(DATA).resolve("postmaster.pid"))
                                .get(0)))
                .orElseThrow();
    }

    /** Starts a server that keeps what it has committed; the library's own settings are for tests that forget. */
    public static PostgresServer start(Path folder) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPort(Ports.free())
                .setDataDirectory(folder.resolve(DATA))
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setOutputRedirector(Redirect.DISCARD)
                .setErrorRedirector(Redirect.DISCARD)
                .start();
        return new PostgresServer(server, folder);
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public TestedStore next(Path folder) throws SQLException {
        String name = "round" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return new TestedStore(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name,
                Map.of("username", USER, "password", USER));
    }

    /** Returns the server's main process, whose children serve the connections. */
    public ProcessHandle process() {
        return process;
    }

    /** Kills the server as {@code kill -9} does, and starts it again after a while. */
    public void killAndRestart(Duration down) throws IOException {
        ProcessHandle.Info info = process.info();
        var command = new ArrayList<>(asNobodySpecial());
        command.add(info.command().orElseThrow());
        command.addAll(List.of(info.arguments().orElseThrow()));
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        LockSupport.parkNanos(down.toNanos());
        // until the last of the killed server's processes has noticed, a new one refuses to start
        await("PostgreSQL's restart")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> answers(command));
    }

    /** PostgreSQL does not run as root; in a user namespace of its own it does not know that it is. */
    private static List<String> asNobodySpecial() {
        return System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of();
    }

    private boolean answers(List<String> command) throws IOException {
        if (!process.isAlive()) {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            Redirect.appendTo(folder.resolve("postgresql.log").toFile()))
                    .start()
                    .toHandle();
        }
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        server.close();
    }
}
