package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.database.Backup;
import dev.switchboard.database.KeyFile;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged bus with a key file: texts by all ways in, kills, a backup, and a new key. */
@Tag("soak")
class EncryptedStoreIT {

    private static final String MARK = "SECRET-CONTENT";
    private static final List<String> ALL = List.of("by-rest", "by-file", "by-queue", "fail-by-rest");

    private final int port = Ports.free();

    /** Says back what it was sent, and fails where that asks for it. */
    private final FakeVendor vendor = FakeVendor.start()
            .answerBy(request -> Answer.of(
                    200,
                    "{\"code\":" + (request.body().contains("fail-") ? "-400" : "0")
                            + ",\"room_id\":\"r\",\"message\":\"" + MARK + " said by the vendor\"}"));

    private RunningBus start(Path folder, TestedStore store, @Nullable Path keys) throws IOException {
        String account = "switchboard.vendors.happytalk.accounts.default.";
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                account + "biz-url",
                vendor.url(),
                account + "client-id",
                "id",
                account + "client-secret",
                "secret",
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                "" + port));
        if (keys != null) {
            settings.put(KeyFile.SETTING, keys.toString());
        }
        return RunningBus.start(folder, settings);
    }

    private static String message(String id) {
        return RestClient.send("room-" + id, MARK + " of " + id).put("id", id).toString();
    }

    private void write(RunningBus bus) throws IOException {
        RestClient rest = bus.rest();
        assertThat(rest.post("/messages", message("by-rest"), "Content-Type", "application/json")
                        .status())
                .isEqualTo(202);
        rest.post("/messages", message("fail-by-rest"), "Content-Type", "application/json");
        Path part = bus.file("inbox/a.jsonl.part").toPath();
        Files.writeString(part, message("by-file") + "\n{\"invalid\": \"" + MARK + "\"}\n");
        Files.move(part, bus.file("inbox/a.jsonl").toPath());
        Files.createFile(bus.file("inbox/a.jsonl.done").toPath());
        try (JMSContext client = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext()) {
            client.createProducer().send(client.createQueue("switchboard.messages"), message("by-queue"));
        }
    }

    private static void read(RunningBus bus) throws IOException {
        RestClient rest = bus.rest();
        for (String id : ALL) {
            await(id)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> rest.get("/messages/" + id).status() == 200);
            assertThat(rest.finished(id).toString()).contains(MARK + " of " + id);
        }
        assertThat(rest.finished("fail-by-rest").toString()).contains(MARK + " said by the vendor");
        String batch =
                rest.get("/batches").json().path("batches").path(0).path("id").asText();
        await("the file")
                .until(() ->
                        rest.get("/batches/" + batch).json().path("invalid").asInt() == 1);
        assertThat(rest.get("/batches/" + batch + "/rejected").text()).contains(MARK);
    }

    private static void assertUnreadable(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            for (Path file :
                    files.filter(each -> !each.toString().contains("/broker/")).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARK))
                        .as(file.toString())
                        .isFalse();
            }
        }
    }

    private void check(Stores stores, Path folder, Path data) throws Exception {
        Path keys = folder.resolve("keys");
        KeyFile.add(keys);
        TestedStore store = stores.next(folder);
        try (RunningBus bus = start(folder, store, keys)) {
            write(bus);
            read(bus);
            assertUnreadable(data);
            bus.process().destroyForcibly().waitFor();
        }
        assertUnreadable(data);
        KeyFile.add(keys);
        try (RunningBus bus = start(folder, store, keys)) {
            await("a new key")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> bus.log().contains("All of the store is encrypted with the key"));
            read(bus);
            assertThat(bus.log()).doesNotContain(MARK);
            bus.process().destroyForcibly().waitFor();
        }
        List<String> lines = Files.readAllLines(keys);
        Files.write(keys, lines.subList(0, 1));
        try (RunningBus bus = start(folder, store, keys)) {
            read(bus);
            for (String line : lines) {
                assertThat(bus.log()).doesNotContain(line.substring(line.indexOf(" ") + 1));
            }
        }
        assertThatThrownBy(() -> start(folder, store, null))
                .hasMessageContaining(KeyFile.SETTING)
                .hasMessageContaining(lines.get(0).substring(0, lines.get(0).indexOf(" ")));
    }

    @Test
    void noFileOfSqliteHoldsAReadableText() throws Exception {
        Path folder = RunningBus.newFolder("encrypted");
        check(Stores.sqlite(), folder, folder.resolve("data"));
        Path backup = folder.resolve("backup.db");
        Backup.make("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), backup);
        assertThat(Files.readString(backup, StandardCharsets.ISO_8859_1)).doesNotContain(MARK);
    }

    @Test
    void noFileOfPostgresHoldsAReadableText() throws Exception {
        Path folder = RunningBus.newFolder("encrypted");
        try (PostgresServer server = PostgresServer.start(folder)) {
            check(server, folder, folder.resolve("postgresql"));
        }
    }
}
