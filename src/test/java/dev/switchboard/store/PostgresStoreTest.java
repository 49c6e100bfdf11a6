package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.database.Database;
import dev.switchboard.database.KeyFile;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.ownership.Ownership;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real PostgreSQL server. */
class PostgresStoreTest extends StoreTest {

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgres server;

    private static int databases;

    /** Each test gets a copy of one database that has its tables, as to make those takes a second. */
    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        execute("create database template");
        Store.open(server.getJdbcUrl("postgres", "template"), "postgres", "").close();
    }

    private static void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    @Override
    void open() throws IOException {
        databases++;
        execute("create database store" + databases + " template template");
        // tables are so small here that all of them would be read through
        execute("alter database store" + databases + " set enable_seqscan = off");
        super.open();
    }

    @Override
    String url() {
        return server.getJdbcUrl("postgres", "store" + databases);
    }

    @Test
    void aLostConnectionIsMadeAnewAndNothingIsLost() {
        accept(json("before", "c"));
        cutConnections();
        accept(json("after", "c"));
        assertThat(own(store())).isTrue();
        assertThat(claimedIds()).containsExactly("before");
        // readers drop a lost connection when they next validate it
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(10))
                .until(() -> state("after").equals("accepted"));
    }

    @Test
    void aClaimThatNobodyHeardOfBecauseTheConnectionWasLostGoesBack() {
        accept(json("heard of", "c"));
        Claimed known = claim(1).get(0);
        accept(json("not heard of", "d"));
        claim(1);
        cutConnections();
        accept(json("reconnects", ""));
        assertThat(store().lanes().owns(LANE)).isFalse();
        assertThat(own(store(), known.seq())).isTrue();
        List<Claimed> again = claim(10);
        assertThat(again)
                .extracting(each -> each.message().id())
                .containsExactlyInAnyOrder("not heard of", "reconnects");
        assertThat(again).allMatch(each -> each.attempt() == 1 && !each.uncertain());
        finish(known, delivered());
        assertThat(state("heard of")).isEqualTo("delivered");
    }

    @Test
    void anOwnerThatLostItsLaneChangesNothingAnyMore() {
        accept(json("1", "c"));
        Claimed claimed = claim(1).get(0);
        try (Store second = anotherProcess()) {
            takeForDead();
            await().ignoreExceptions().atMost(Duration.ofSeconds(10)).until(() -> own(second));
            accept(json("2", "c"));
            assertThat(own(store())).isFalse();
            assertThat(store().instances().maySend(LANE, claimed.epoch())).isFalse();
            finish(claimed, delivered());
            assertThat(state("1")).isEqualTo("uncertain");
            assertThat(claimedIds()).isEmpty();
        }
    }

    @Test
    void whatAnotherOwnerPutAsideIsLetGoOn() throws SQLException {
        Batch batch = batchOf("a", 3);
        assertThat(claim(0)).isEmpty();
        try (Store second = anotherProcess()) {
            takeForDead();
            await().ignoreExceptions().atMost(Duration.ofSeconds(10)).until(() -> own(second));
            second.batches().pause(batch.id(), true).join();
            assertThat(second.lanes()
                            .claim(LANE, List.of(new Share("chat", 3, null)))
                            .join())
                    .isEmpty();
        }
        store().batches().pause(batch.id(), false).join();
        await().ignoreExceptions().atMost(Duration.ofSeconds(10)).until(() -> own(store()));
        assertThat(claimedIds()).containsExactlyInAnyOrder("a1", "a2", "a3");
    }

    @Test
    void whetherAnotherOwnerHasBeenThereIsTold() {
        assertThat(ownership(store())).isEqualTo(Ownership.KEPT);
        cutConnections();
        assertThat(ownership(store())).isEqualTo(Ownership.KEPT);
        try (Store second = anotherProcess()) {
            assertThat(ownership(second)).isEqualTo(Ownership.ELSEWHERE);
            takeForDead();
            await().ignoreExceptions().atMost(Duration.ofSeconds(10)).until(() -> ownership(second) == Ownership.ANEW);
        }
        await().ignoreExceptions().atMost(Duration.ofSeconds(10)).until(() -> ownership(store()) == Ownership.ANEW);
    }

    @Test
    void whatAnotherProcessTakesInIsNotMissedByTheEndOfItsStart() {
        try (Store second = anotherProcess()) {
            for (int i = 0; i < 100; i++) {
                accept(start("start-" + i));
                Claimed claimed = claim(1).get(0);
                String follows = "follows-" + i;
                CompletableFuture<?> taken =
                        second.messages().accept(List.of(incoming(following(follows, "start-" + i))));
                store().lanes().finish(claimed, begun("room-" + i)).join();
                taken.join();
                assertThat(store().messages()
                                .find(follows)
                                .orElseThrow()
                                .path("conversationId")
                                .asText())
                        .isEqualTo("room-" + i);
                assertThat(claimedIds()).containsExactly(follows);
            }
        }
    }

    @Test
    void everySessionEndsWithinSecondsOfItsProcess() throws SQLException {
        Map<String, String> all = Map.of(
                "tcp_keepalives_idle", "4",
                "tcp_keepalives_interval", "1",
                "tcp_keepalives_count", "3",
                "tcp_user_timeout", "7000",
                "client_connection_check_interval", "2000");
        assertThat(store().read(PostgresStoreTest::settings)).containsAllEntriesOf(all);
        try (Database database = Database.open(url(), "postgres", "", null);
                Sql writer = database.openWriter()) {
            assertThat(settings(writer))
                    .containsAllEntriesOf(all)
                    .containsEntry("lock_timeout", "1000")
                    .containsEntry("idle_in_transaction_session_timeout", "4000");
        }
    }

    private static Map<String, String> settings(Sql sql) {
        return sql.list("select name, setting from pg_settings", row -> Map.entry(row.text(), row.text())).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Store with(String... settings) {
        String options = Stream.of(settings).map(each -> "-c%20" + each).collect(Collectors.joining("%20"));
        return Store.open(url() + (url().contains("?") ? "&" : "?") + "options=" + options, "postgres", "");
    }

    @Test
    void whatAFrozenProcessHasLockedStopsNobodyAndIsFreeSoon() throws InterruptedException {
        accept(json("known", ""));
        var frozen = new CountDownLatch(1);
        var wakes = new CountDownLatch(1);
        try (Store second = with("idle_in_transaction_session_timeout=1500");
                Store third = with("lock_timeout=200")) {
            CompletableFuture<?> held = second.batches()
                    .accept(new BatchChunk(
                            "none",
                            2,
                            List.of(ofBatch(json("held", ""), "none", 1), ofBatch(json("known", ""), "none", 2)),
                            raw -> freeze(frozen, wakes),
                            List.of(),
                            beyond -> {}));
            assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<?> again = third.messages().accept(List.of(incoming(json("held", ""))));
            third.messages()
                    .accept(List.of(incoming(json("neighbour", ""))))
                    .orTimeout(1400, TimeUnit.MILLISECONDS)
                    .join();
            assertThatThrownBy(again::join).hasStackTraceContaining("lock timeout");
            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> third.messages()
                                    .accept(List.of(incoming(json("held", ""))))
                                    .join()
                                    .get(0)
                                    .kind()
                            == Accepted.Kind.NEW);
            wakes.countDown();
            held.join();
        }
        assertThat(state("held")).isEqualTo("accepted");
    }

    /** The text of a line that is a duplicate is read within the commit. */
    private static String freeze(CountDownLatch frozen, CountDownLatch wakes) {
        frozen.countDown();
        try {
            wakes.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    /** Counts the rows that were inserted, updated and deleted in each table. */
    private Map<String, List<Long>> changes() {
        store().check(); // a session reports what it has done with a commit that comes later
        return store()
                .read(sql -> sql.list(
                        "select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables"
                                + " where n_tup_ins + n_tup_upd + n_tup_del > 0",
                        row -> Map.entry(row.text(), List.of(row.number(), row.number(), row.number()))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The limits of what a message costs: who raises one says why, with a measurement. */
    @Test
    void aDeliveredMessageWritesAFewRowsAndLeavesNoDeadOnesInTheHistory() {
        deliverOneByOne(50);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(changes())
                        .containsEntry("identity", List.of(50L, 0L, 0L))
                        .containsEntry("message", List.of(50L, 0L, 0L))
                        .containsEntry("work", List.of(50L, 50L, 50L))
                        .containsEntry("outcome", List.of(50L, 0L, 0L))
                        .doesNotContainKeys("attempt", "label", "outbox", "batch", "retention"));
    }

    /** Counts the entries of indexes, also those that no longer lead to a row, which stay until the server cleans up. */
    private static final String ENTRIES = "select relname, sum(live_items + dead_items) from pg_class"
            + " cross join lateral generate_series(1, pg_relation_size(oid) / 8192 - 1) as page"
            + " cross join lateral bt_page_stats(relname::text, page::int) as stats"
            + " where relkind = 'i' and relnamespace = 'public'::regnamespace and relname !~ '^(flyway|lane|instance)' and type = 'l'"
            + " group by relname";

    @Test
    void aDeliveredMessageWritesAFewIndexEntries() {
        deliverOneByOne(20);
        store().check();
        assertThat(entries())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "identity_pkey", 20L,
                        "message_pkey", 20L,
                        "message_conversation", 20L,
                        "outcome_pkey", 20L,
                        "outcome_list", 20L,
                        "work_pkey", 40L,
                        "work_conversation", 40L,
                        "work_expires", 20L,
                        "work_ready", 20L));
    }

    private Map<String, Long> entries() {
        Map<String, Long> entries = new HashMap<>();
        try (Connection connection =
                        server.getDatabase("postgres", "store" + databases).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create extension pageinspect");
            try (ResultSet rows = statement.executeQuery(ENTRIES)) {
                while (rows.next()) {
                    entries.put(rows.getString(1), rows.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return entries;
    }

    /** As above: 2,007 bytes at present, with what is left of the rows of work. */
    @Test
    void aStoredMessageTakesLittleRoom() {
        assertThat(stored(true).bytes()).isLessThan(2_200);
    }

    @Test
    void noFileOfTheServerHoldsAReadableTextOfAnEncryptedStore(@TempDir Path folder) throws IOException {
        Path keys = folder.resolve("keys");
        KeyFile.add(keys);
        store().close();
        try (Store encrypted = Store.open(url(), "postgres", "", keys)) {
            new Contents(encrypted).write();
            execute("checkpoint");
            String data = encrypted.read(
                    sql -> sql.first("show data_directory", Row::text).orElseThrow());
            String database = encrypted.read(
                    sql -> sql.first("select oid::text from pg_database where datname = current_database()", Row::text)
                            .orElseThrow());
            for (String part : List.of("base/" + database, "pg_wal")) {
                try (Stream<Path> files = Files.walk(Path.of(data, part)).filter(Files::isRegularFile)) {
                    assertThat(files).isNotEmpty().allSatisfy(Contents::assertUnreadable);
                }
            }
            new Contents(encrypted).read();
            KeyFile.add(keys);
        }
        try (Store encrypted = Store.open(url(), "postgres", "", keys)) {
            Contents.encryptAll(encrypted);
            long keysInUse = encrypted.read(sql -> sql.number("select count(*) from sealing_key"));
            assertThat(keysInUse).isEqualTo(1);
            new Contents(encrypted).read();
        }
    }

    private static void cutConnections() {
        execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'store" + databases + "'");
    }

    /** As another instance does that finds the owner's session closed, and nothing heard of it for seconds. */
    private void takeForDead() {
        cutConnections();
        try (Connection connection =
                        server.getDatabase("postgres", "store" + databases).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("delete from instance where id in (select owner from lane)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    String explain() {
        return "explain ";
    }

    @Override
    void analyze() {
        try (Connection connection =
                        server.getDatabase("postgres", "store" + databases).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    String index(String table) {
        return table + "_pkey";
    }

    @Override
    String scan() {
        return "Seq Scan";
    }
}
