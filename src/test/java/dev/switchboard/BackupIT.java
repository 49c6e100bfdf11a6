package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A backup of the packaged bus while it works, a crash, and what the restored bus says and does. */
@Execution(ExecutionMode.CONCURRENT)
class BackupIT {

    private static final int SENDERS = 4;
    /** More than the lane sends while the test looks at it. */
    private static final int MESSAGES = 600;

    private static final Set<String> UNFINISHED = Set.of("accepted", "sending", "waiting");
    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");

    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private final AtomicBoolean fed = new AtomicBoolean();

    @BeforeAll
    static void built() throws IOException {
        Shell.built();
    }

    private static RunningBus start(Path folder, FakeVendor vendor) throws IOException {
        return RunningBus.start(folder, settings(vendor));
    }

    private static Map<String, String> settings(FakeVendor vendor) {
        String account = "switchboard.vendors.happytalk.accounts.default.";
        return Map.of(
                account + "biz-url",
                vendor.url(),
                account + "client-id",
                "id",
                account + "client-secret",
                "secret",
                "switchboard.lane.concurrency",
                "4",
                "switchboard.lane.rate",
                "20/s");
    }

    private Answer answer(Request request) {
        try {
            JsonNode body = RestClient.JSON.readTree(request.body());
            if (body.has("msg")) {
                sent.merge(body.path("msg").asText(), 1, Integer::sum);
            }
            return WRITTEN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Faster than the lane sends, so that something is always unfinished; each fifth ends a conversation, which may be repeated. */
    private CompletableFuture<?> feed(RestClient rest) {
        return CompletableFuture.runAsync(() -> GuaranteesIT.inParallel(SENDERS, sender -> {
            for (int i = sender; i < MESSAGES && !fed.get(); i += SENDERS) {
                ObjectNode message =
                        RestClient.send("room-" + i % 50, "text-" + i).put("id", "m-" + i);
                if (i % 5 == 4) {
                    message.put("operation", "end").remove("text");
                }
                rest.submit(message);
            }
        }));
    }

    /** Returns the states of all messages in the store of a file. */
    private static Map<String, String> states(Path file) throws SQLException {
        var states = new HashMap<String, String>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select id, operation || ' ' || coalesce(outcome.state, case when stage = 'sending' then 'sending'"
                                + " when waits is not null then 'waiting' else 'accepted' end) from message"
                                + " left join outcome on outcome.seq = message.seq left join work on work.seq = message.seq")) {
            while (rows.next()) {
                states.put(rows.getString(1), rows.getString(2));
            }
        }
        return states;
    }

    private static Shell.Run run(Path folder, String... arguments) throws Exception {
        var rest = new ArrayList<>(List.of(arguments));
        return new Shell(folder).run(Map.of(), rest.remove(0), rest.toArray(String[]::new));
    }

    private static void done(Shell.Run run) {
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.errors()).isEmpty();
    }

    private static void refused(Shell.Run run, String words) {
        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.errors()).startsWith("switchboard: ").contains(words).doesNotContain("\tat ");
    }

    @Test
    void aBackupMadeUnderLoadIsRestoredAfterACrashAndNothingIsSentTwice() throws Exception {
        Path folder = RunningBus.newFolder("backup");
        Path store = folder.resolve("data/switchboard.db");
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            try (RunningBus bus = start(folder, vendor)) {
                CompletableFuture<?> feeding = feed(bus.rest());
                await().until(() -> sent.size() > 40);
                done(run(folder, "backup", "copy.db"));
                refused(run(folder, "backup", "copy.db"), "exists already");
                refused(run(folder, "restore", "--replace", "copy.db"), "a bus has the store");
                int sentThen = sent.size();
                await().until(() -> sent.size() > sentThen + 20);
                fed.set(true);
                feeding.join();
                bus.kill();
            }
            Map<String, String> copied = states(folder.resolve("copy.db"));
            assertThat(copied).containsValues("send delivered", "send accepted", "end accepted");
            refused(run(folder, "restore", "copy.db"), "--replace");
            done(run(folder, "restore", "copy.db", "--replace"));
            try (RunningBus bus = start(folder, vendor)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> states(store).values().stream()
                                .noneMatch(each -> UNFINISHED.contains(each.split(" ", 2)[1])));
                bus.rest().submit(RestClient.send("room-1", "afterwards").put("id", "afterwards"));
                assertThat(bus.rest().finished("afterwards").path("state").asText())
                        .isEqualTo("delivered");
            }
            compare(copied, states(store));
            assertThat(sent.values()).containsOnly(1);
        }
    }

    private static void compare(Map<String, String> copied, Map<String, String> restored) {
        assertThat(restored.keySet()).hasSize(copied.size() + 1).containsAll(copied.keySet());
        copied.forEach((id, was) -> {
            String[] parts = was.split(" ", 2);
            String wanted =
                    !UNFINISHED.contains(parts[1]) ? was : parts[0].equals("send") ? "send uncertain" : "end delivered";
            assertThat(restored).containsEntry(id, wanted);
        });
    }

    @Test
    void postgresqlIsCopiedByItsOwnMeans() throws Exception {
        Path folder = RunningBus.newFolder("pg-backup");
        String url = "-Dswitchboard.store.url=jdbc:postgresql://db.example/bus?user=u";
        refused(run(folder, "backup", url, "x"), "pg_dump --format=custom --file=x postgresql://db.example/bus");
        refused(run(folder, "restore", url, "x"), "pg_restore");
        assertThat(run(folder, "backup").status()).isEqualTo(2);
        assertThat(run(folder, "restore", "a", "b").status()).isEqualTo(2);
    }
}
