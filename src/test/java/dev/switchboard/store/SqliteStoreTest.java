package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real SQLite file. */
class SqliteStoreTest extends StoreTest {

    @TempDir
    Path folder;

    @Override
    String url() {
        return "jdbc:sqlite:" + folder.resolve("s.db");
    }

    @Test
    void whatFailsToBeWrittenIsNotTold() throws SQLException {
        accept(json("1", "c").put("text", "words of a customer"));
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("drop table outbox");
        }
        Claimed claimed = claim(1).get(0);
        assertThatThrownBy(() -> finish(claimed, dead(FailureClass.GONE)))
                .hasMessageContaining("outbox")
                .hasMessageNotContaining("words of a customer");
    }

    /** Of all sizes, in all places, and in no order, so that pages are split, joined and left on the way. */
    private void fillAndFinish(String prefix, int count) {
        var random = new Random(1);
        for (int i = 0; i < count; i++) {
            String id = prefix + i;
            ObjectNode json = full(id, "SECRET c" + i % (count / 3), "SECRET k" + random.nextInt(count));
            accept(json.put("text", "SECRET text ".repeat(1 + random.nextInt(i % 50 == 0 ? 3_000 : 60))));
        }
        for (List<Claimed> claimed = claim(100); !claimed.isEmpty(); claimed = claim(100)) {
            var shuffled = new ArrayList<>(claimed);
            Collections.shuffle(shuffled, random);
            shuffled.forEach(each -> finish(each, outcome(random.nextInt(9) == 0 ? State.UNCERTAIN : State.DELIVERED)));
        }
        for (int i = 0; i < count; i++) {
            if (state(prefix + i).equals("uncertain")) {
                store().resolve(prefix + i).join();
            }
        }
    }

    private long found(String text) throws IOException {
        long found = 0;
        for (String name : List.of("s.db", "s.db-wal")) {
            String bytes = Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
            found += bytes.split(text, -1).length - 1;
        }
        return found;
    }

    private void scrub() {
        await().until(() -> store().scrub().join() && !store().hasErasedInFiles());
    }

    @Test
    void whatWasErasedIsNotInTheFilesAndTheirSpaceIsUsedAgain() throws IOException {
        accept(json("stays", "c").put("text", "words that stay"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        fillAndFinish("a", 600);
        assertThat(found("SECRET")).isPositive();
        assertThat(forget(Duration.ZERO, LONG)).isEqualTo(600);
        scrub();
        assertThat(found("SECRET")).isZero();
        assertThat(found("words that stay")).isPositive();
        long size = Files.size(folder.resolve("s.db"));
        forget(Duration.ZERO, Duration.ZERO);
        fillAndFinish("b", 600);
        forget(Duration.ZERO, LONG);
        scrub();
        assertThat(found("SECRET")).isZero();
        assertThat(Files.size(folder.resolve("s.db"))).isLessThan(size + size / 10);
        assertThat(integrity()).isEqualTo("ok");
    }

    private String integrity() {
        return store().read(handle ->
                handle.createQuery("pragma integrity_check").mapTo(String.class).first());
    }

    @Test
    void theFilesStayWholeWhileTheyAreScrubbedAndWrittenAndRead() throws Exception {
        accept(json("words", "").put("text", "words that stay"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        var writing = CompletableFuture.runAsync(() -> IntStream.range(0, 4).forEach(i -> fillAndFinish(i + "-", 120)));
        int passes = 0;
        while (!writing.isDone() || passes == 0) {
            forget(Duration.ZERO, LONG);
            passes += store().scrub().join() ? 1 : 0;
            assertThat(store().find("words").orElseThrow().path("text").asText())
                    .isEqualTo("words that stay");
        }
        writing.join();
        scrub();
        assertThat(integrity()).isEqualTo("ok");
        assertThat(state("3-119")).isEqualTo("delivered");
        try (Store second = anotherProcess()) {
            assertThat(second.find("words").orElseThrow().path("text").asText()).isEqualTo("words that stay");
        }
    }

    @Override
    String explain() {
        return "explain query plan ";
    }

    @Override
    void analyze() {
        // the plans have to be right without
    }

    @Override
    String index(String table) {
        return table.equals("label") ? "SEARCH label USING PRIMARY KEY" : "sqlite_autoindex_message_1";
    }

    @Override
    String scan() {
        return "SCAN (message|label)(?! USING COVERING)";
    }
}
