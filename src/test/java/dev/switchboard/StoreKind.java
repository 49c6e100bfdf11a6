package dev.switchboard;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The stores that a bus under test may have. */
public enum StoreKind {
    /** The default: a file in the bus's own folder. */
    SQLITE {
        @Override
        public Map<String, String> newStore() {
            return Map.of();
        }
    },

    /** A database of its own on a real server, which all tests share and which ends with their process. */
    POSTGRESQL {
        @Override
        public Map<String, String> newStore() {
            String name = "bus" + DATABASES.incrementAndGet();
            try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return Map.of(
                    "switchboard.store.url",
                    Server.RUNNING.getJdbcUrl("postgres", name),
                    "switchboard.store.username",
                    "postgres");
        }
    };

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** Makes a new store, and returns the settings of a bus that has it. */
    public abstract Map<String, String> newStore();

    private static final class Server {
        private static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
