package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store on a real PostgreSQL server. */
class PostgresStoreTest extends StoreTest {

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgres server;

    private static int databases;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    @Override
    void open() {
        databases++;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database store" + databases);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        super.open();
    }

    @Override
    String url() {
        return server.getJdbcUrl("postgres", "store" + databases);
    }

    @Test
    void aLostConnectionIsMadeAnewAndNothingIsLost() throws SQLException {
        accept(json("before", "c"));
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'store" + databases + "'");
        }
        accept(json("after", "c"));
        assertThat(claimedIds()).containsExactly("before");
        // readers drop a lost connection when they next validate it
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(10))
                .until(() -> state("after").equals("accepted"));
    }
}
