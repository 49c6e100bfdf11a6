package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Backup;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a store, and what happens to messages when one is restored. */
class BackupTest {

    private static final String LANE = "acme/default";

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("s.db");
    }

    private Path copy() {
        return folder.resolve("copy");
    }

    private String url() {
        return "jdbc:sqlite:" + file();
    }

    private Store open() {
        return Store.open(url(), "", "");
    }

    private static void accept(Store store, String id, String operation, String conversation) {
        ObjectNode json = StoreTest.json(id, conversation).put("operation", operation);
        store.messages()
                .accept(List.of(new Incoming(
                        new Message(json),
                        "chat",
                        System.currentTimeMillis() + 60_000,
                        Incoming.Source.of("rest", null))))
                .join();
    }

    private static void own(Store store) {
        var why = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "It was cut off.", true);
        store.lanes()
                .own(LANE, operation -> operation.equals("end"), why, Set.of())
                .join();
    }

    private static List<Claimed> claim(Store store, int most) {
        return store.lanes().claim(LANE, List.of(new Share("chat", most, null))).join();
    }

    private static String state(Store store, String id) {
        return store.messages().state(id).map(State::toString).orElse("not there");
    }

    private static Outcome waiting() {
        var tried = new Outcome.Tried(Instant.now(), Disposition.RETRY, 503, null, null, "{}", null);
        return new Outcome(State.WAITING, 60_000, true, false, tried, null, null);
    }

    @Test
    void whatWasUnfinishedAndMayNotBeRepeatedIsUncertainAfterARestore() throws IOException {
        try (Store store = open()) {
            own(store);
            accept(store, "delivered", "send", "a");
            claim(store, 1)
                    .forEach(each ->
                            store.lanes().finish(each, StoreTest.delivered()).join());
            accept(store, "dead", "send", "a");
            claim(store, 1)
                    .forEach(each -> store.lanes()
                            .finish(each, StoreTest.dead(FailureClass.GONE))
                            .join());
            accept(store, "waiting", "send", "w");
            claim(store, 1)
                    .forEach(each -> store.lanes().finish(each, waiting()).join());
            accept(store, "sending", "send", "b");
            accept(store, "ending", "end", "e");
            assertThat(claim(store, 2)).hasSize(2);
            accept(store, "accepted", "send", "c");
            accept(store, "behind", "send", "c");
            accept(store, "end", "end", "c");
            Backup.make(url(), copy());
            accept(store, "since", "send", "d");
        }
        Backup.restore(copy(), url(), true);
        try (Store store = open()) {
            accept(store, "afterwards", "send", "b");
            own(store);
            for (String id : List.of("waiting", "sending", "accepted", "behind")) {
                JsonNode view = store.messages().find(id).orElseThrow();
                assertThat(view.path("state").asText()).as(id).isEqualTo("uncertain");
                assertThat(view.at("/failure/meaning").asText()).contains("restored from a backup");
                assertThat(view.at("/failure/mayHaveBeenSent").asBoolean()).isTrue();
            }
            assertThat(state(store, "delivered")).isEqualTo("delivered");
            assertThat(state(store, "dead")).isEqualTo("dead");
            assertThat(state(store, "since")).isEqualTo("not there");
            assertThat(claim(store, 9))
                    .extracting(each -> each.message().id())
                    .contains("end", "afterwards")
                    .doesNotContain("accepted");
            assertThat(Stream.of("ending", "end", "afterwards").map(id -> state(store, id)))
                    .doesNotContain("uncertain");
        }
        try (Store store = open()) {
            accept(store, "later", "send", "l");
            own(store);
            assertThat(state(store, "later")).isEqualTo("accepted");
        }
    }

    @Test
    void whatWouldGoOnByItselfIsStopped() throws IOException {
        try (Store store = open()) {
            own(store);
            accept(store, "dead", "send", "a");
            claim(store, 1)
                    .forEach(each -> store.lanes()
                            .finish(each, StoreTest.dead(FailureClass.GONE))
                            .join());
            var wanted = new Replay.Wanted(
                    RunAction.REPLAY, "{}", System.currentTimeMillis() + 1, null, false, null, false, null);
            store.replays().begin(new Filter(), wanted).join();
            store.batches()
                    .begin(new Batch.Origin("a.csv", "a.csv", "files", ""))
                    .join();
            Backup.make(url(), copy());
        }
        Backup.restore(copy(), url(), true);
        try (Store store = open()) {
            assertThat(store.replays().running()).isEmpty();
            assertThat(store.replays().list(9).get(0).why()).contains("restored from a backup");
            assertThat(store.batches().list(null, null, 9).get(0).state()).isEqualTo("stopped");
        }
    }

    private void refused(String words, Path from, boolean replace) {
        assertThatThrownBy(() -> Backup.restore(from, url(), replace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aBackupOverwritesNothing() throws IOException {
        open().close();
        Files.writeString(copy(), "precious");
        assertThatThrownBy(() -> Backup.make(url(), copy())).hasMessageContaining("overwrites nothing");
        assertThat(copy()).hasContent("precious");
        assertThatThrownBy(() -> Backup.make("jdbc:sqlite:" + folder.resolve("none.db"), folder.resolve("c")))
                .hasMessageContaining("there is no store");
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    @Test
    void aStoreThatABusHasOrThatIsThereIsNotOverwritten() throws IOException {
        try (Store store = open()) {
            own(store);
            accept(store, "m", "send", "a");
            Backup.make(url(), copy());
            refused("a bus has the store", copy(), true);
        }
        refused("--replace", copy(), false);
        try (Store store = open()) {
            assertThat(state(store, "m")).isEqualTo("accepted");
        }
        Files.move(file(), folder.resolve("elsewhere"));
        Backup.restore(copy(), url(), false);
        assertThat(file()).exists();
    }

    @Test
    void whatIsNoWholeBackupIsNotRestored() throws IOException, SQLException {
        try (Store store = open()) {
            for (int i = 0; i < 200; i++) {
                accept(store, "m" + i, "send", "a" + i);
            }
            Backup.make(url(), copy());
        }
        refused("there is no file", folder.resolve("nothing"), true);
        Path text = Files.writeString(folder.resolve("text"), "no store".repeat(1_000));
        refused("is not a backup", text, true);
        Path empty = Files.writeString(folder.resolve("empty"), "");
        refused("is not a backup", empty, true);
        byte[] bytes = Files.readAllBytes(copy());
        for (int i = bytes.length / 2; i < bytes.length / 2 + 20_000; i++) {
            bytes[i] = 7;
        }
        refused("damaged", Files.write(folder.resolve("damaged"), bytes), true);
        try (Store store = open()) {
            assertThat(state(store, "m199")).isEqualTo("accepted");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(each -> each.getFileName().toString())).noneMatch(name -> name.contains(".part"));
        }
    }

    private static void becomeNewer(Path store) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success) values (999, '99', 'later', 'SQL',"
                    + " 'V99__later.sql', 1, '', 1, 1)");
        }
    }

    @Test
    void aStoreThatIsNewerThanTheProgramIsNeitherOpenedNorRestored() throws IOException, SQLException {
        open().close();
        Backup.make(url(), copy());
        becomeNewer(copy());
        refused("schema version 99", copy(), true);
        becomeNewer(file());
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "the store has schema version 99, and this program knows no later one than [\\d.]+: .*");
    }

    @Test
    void theChangelogSaysWhichSchemaThisVersionHas() throws IOException {
        int newest;
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/sqlite"))) {
            newest = files.map(each -> each.getFileName().toString().replaceAll("V(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElseThrow();
        }
        String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?\n  <version>(.*?)</version>.*", "$1");
        assertThat(Path.of("CHANGELOG.md")).content().contains("| " + version + " | " + newest + " |");
    }
}
