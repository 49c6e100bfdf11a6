package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code samples/routes/sftp-drop.camel.yaml} on the packaged program, with a server on a socket. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1) // it takes long
class SftpDropIT {

    private static final String PASSWORD = "s3cret &+%)=a";
    private static final String LINE = "{\"vendor\":\"kakao\",\"operation\":\"start\"}\n";

    private Path folder;
    private SftpServer server;

    @BeforeEach
    void start() throws IOException {
        folder = RunningBus.newFolder("sftp");
        Path remote = folder.resolve("remote");
        Files.createDirectories(remote.resolve("outbox"));
        server = new SftpServer(remote, PASSWORD, this::dropped);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** Returns whether a file has been dropped whole, and may have been taken since. */
    private boolean dropped(String name) {
        for (String each : new String[] {"inbox", "working", "done"}) {
            Path file = folder.resolve("files").resolve(each).resolve(name);
            if (Files.exists(file)) {
                return file.toFile().length() == server.file(name).toFile().length();
            }
        }
        return false;
    }

    private Map<String, String> settings(String knownHost) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("sftp-drop.password"), PASSWORD);
        Files.writeString(folder.resolve("known_hosts"), knownHost);
        var settings = new HashMap<String, String>();
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.copy(
                Path.of("samples/routes/sftp-drop.camel.yaml"),
                routes.resolve("sftp-drop.camel.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        settings.put("switchboard.routes.dir", routes.toString());
        settings.put("smallrye.config.source.file.locations", secrets.toString());
        settings.put("sftp-drop.host", "127.0.0.1");
        settings.put("sftp-drop.port", Integer.toString(server.port()));
        settings.put("sftp-drop.username", "bus");
        settings.put("sftp-drop.known-hosts", folder.resolve("known_hosts").toString());
        settings.put("sftp-drop.delay", "200");
        settings.put("switchboard.vendors.kakao.accounts.default.channel", "@shop");
        settings.put("switchboard.vendors.kakao.accounts.default.call", "none");
        return settings;
    }

    private static JsonNode finished(RunningBus bus, String name) throws IOException {
        var rest = bus.rest();
        return await("the batch " + name)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> rest.get("/batches?name=" + name).json().at("/batches/0"),
                        batch -> batch.path("state").asText().equals("finished"));
    }

    private void awaitLooks(int more) {
        int before = server.looks();
        await("looks into the folder").atMost(Duration.ofSeconds(30)).until(() -> server.looks() >= before + more);
    }

    @Test
    void aFileOnTheServerIsABatchOnceAndMovedBehindIt() throws IOException {
        Files.writeString(server.file("whole.jsonl"), LINE + "{}\n");
        Files.writeString(server.file("half.jsonl.part"), LINE);
        Map<String, String> settings = settings(server.knownHost());
        try (RunningBus bus = RunningBus.start(folder, settings)) {
            JsonNode batch = finished(bus, "whole.jsonl");
            assertThat(batch.path("delivered").asInt()).isEqualTo(1);
            assertThat(batch.path("invalid").asInt()).isEqualTo(1);
            assertThat(server.moved()).isEqualTo(Map.of("whole.jsonl", true));
            assertThat(server.names(".fetched")).containsExactly("whole.jsonl");
            assertThat(bus.log()).doesNotContain(PASSWORD, "s3cret");
        }
        try (RunningBus bus = RunningBus.start(folder, settings)) {
            awaitLooks(3);
            Files.writeString(server.file("whole.jsonl"), LINE + "{}\n");
            await("the same file again")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> server.names(".fetched").size() == 2);
            await("its batch")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> bus.rest()
                                    .get("/batches?name=whole.jsonl")
                                    .json()
                                    .path("batches")
                                    .size()
                            == 2);
            JsonNode again = finished(bus, "whole.jsonl");
            assertThat(again.path("duplicate").asInt()).isEqualTo(1);
            assertThat(again.path("delivered").asInt()).isZero();
            assertThat(bus.rest().get("/batches").json().path("batches")).hasSize(2);
        }
        assertThat(server.file("half.jsonl.part")).exists();
    }

    @Test
    @Tag("soak")
    void aFileThatGrowsIsLeftUntilItIsWhole() throws IOException {
        Path growing = Files.writeString(server.file("growing.jsonl"), LINE);
        var lines = new AtomicInteger(1);
        var upload = Executors.newSingleThreadScheduledExecutor();
        try (RunningBus bus = RunningBus.start(folder, settings(server.knownHost()))) {
            upload.scheduleAtFixedRate(() -> append(growing, lines), 0, 100, TimeUnit.MILLISECONDS);
            int then = lines.get();
            awaitLooks(6);
            assertThat(lines.get()).isGreaterThan(then + 20);
            assertThat(server.moved()).isEmpty();
            assertThat(bus.rest().get("/batches").json().path("batches")).isEmpty();
            upload.shutdown();
            assertThat(finished(bus, "growing.jsonl").path("delivered").asInt()).isEqualTo(lines.get());
            assertThat(server.moved()).isEqualTo(Map.of("growing.jsonl", true));
        } finally {
            upload.shutdownNow();
        }
    }

    private static void append(Path file, AtomicInteger lines) {
        try {
            Files.writeString(file, LINE, StandardOpenOption.APPEND);
            lines.incrementAndGet();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Tag("soak")
    void aNameThatLiesInTheInboxIsNotReplaced() throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("files/inbox/nightly"));
        Path first = Files.writeString(inbox.resolve("same.jsonl"), "first");
        Files.writeString(server.file("same.jsonl"), LINE);
        Map<String, String> settings = settings(server.knownHost());
        settings.put("sftp-drop.into", "inbox/nightly");
        try (RunningBus bus = RunningBus.start(folder, settings)) {
            await("the refusal")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> bus.log().lines().anyMatch(SftpDropIT::saysWhy));
            assertThat(first).hasContent("first");
            assertThat(server.moved()).isEmpty();
            Files.delete(first);
            await("the drop")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> server.moved().containsKey("same.jsonl"));
            assertThat(first).hasContent(LINE.strip());
        }
    }

    private static boolean saysWhy(String line) {
        return line.contains("Route sftp-drop could not take same.jsonl") && line.contains("File already exist");
    }

    @Test
    @Tag("soak")
    void aPrivateKeyIsALoginToo() throws Exception {
        Files.writeString(server.file("whole.jsonl"), LINE);
        Map<String, String> settings = settings(server.knownHost());
        Path secrets = folder.resolve("secrets");
        Files.delete(secrets.resolve("sftp-drop.password"));
        Files.writeString(secrets.resolve("sftp-drop.key-passphrase"), PASSWORD);
        server.writeUserKey(secrets.resolve("id"), PASSWORD);
        settings.put("sftp-drop.key-file", secrets.resolve("id").toString());
        try (RunningBus bus = RunningBus.start(folder, settings)) {
            assertThat(finished(bus, "whole.jsonl").path("delivered").asInt()).isEqualTo(1);
            assertThat(server.logins()).isZero();
            assertThat(bus.log()).doesNotContain("s3cret");
        }
    }

    @Test
    void aServerThatIsNotKnownGetsNoPassword() throws IOException {
        try (RunningBus bus = RunningBus.start(folder, settings(""))) {
            await("the refusal")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> bus.log().contains("HostKey"));
            assertThat(server.logins()).isZero();
        }
    }

    @Test
    @Tag("soak")
    void aServerWithAnotherKeyGetsNoPassword() throws IOException {
        Files.writeString(server.file("whole.jsonl"), LINE);
        try (var other = new SftpServer(folder.resolve("remote"), PASSWORD, name -> true)) {
            String known = other.knownHost().replace(":" + other.port(), ":" + server.port());
            try (RunningBus bus = RunningBus.start(folder, settings(known))) {
                await("the refusal")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> bus.log().contains("HostKey"));
                assertThat(server.logins()).isZero();
                assertThat(server.looks()).isZero();
                assertThat(bus.log()).doesNotContain("s3cret");
            }
        }
    }
}
