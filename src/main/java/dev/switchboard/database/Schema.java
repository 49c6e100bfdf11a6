package dev.switchboard.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.jspecify.annotations.Nullable;

/** The tables of a database, and their version. */
final class Schema {

    /** The version of the tables: the newest file of each folder of {@code db}. */
    static final String VERSION = "1";

    static final String SQLITE = "classpath:db/sqlite";
    static final String POSTGRESQL = "classpath:db/postgresql";
    private static final String HISTORY = "flyway_schema_history";

    private final DataSource database;
    private final String tables;

    Schema(DataSource database, String tables) {
        this.database = database;
        this.tables = tables;
    }

    /** Makes the tables, or brings them up to date. */
    void update() {
        if (isCurrent()) {
            return;
        }
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(database)
                    .locations(tables)
                    .load();
            refuseNewer(flyway.info().all());
            flyway.migrate();
        } catch (FlywaySqlException e) {
            throw doesNotAnswer(e);
        }
    }

    /** Returns whether a store has this program's tables: Flyway takes as long to say so as all else that a store is opened with. */
    private boolean isCurrent() {
        try {
            return version().filter(VERSION::equals).isPresent();
        } catch (IllegalArgumentException e) {
            // The database does not answer, which Flyway finds out too and says.
            return false;
        }
    }

    /**
     * Returns the version of the tables; none where there are none.
     *
     * @throws IllegalArgumentException when the database does not answer
     */
    Optional<String> version() {
        try (Connection connection = database.getConnection();
                ResultSet history = connection.getMetaData().getTables(null, null, HISTORY, null);
                Statement statement = connection.createStatement()) {
            return history.next() ? Optional.ofNullable(newest(statement)) : Optional.empty();
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        }
    }

    private static IllegalArgumentException doesNotAnswer(Exception e) {
        return new IllegalArgumentException(
                "switchboard.store.url: the database does not answer: " + e.getMessage(), e);
    }

    private static @Nullable String newest(Statement statement) throws SQLException {
        try (ResultSet newest =
                statement.executeQuery("select version from " + HISTORY + " order by installed_rank desc limit 1")) {
            return newest.next() ? newest.getString(1) : null;
        }
    }

    /** A program that does not know what a later one has made of the tables would do harm. */
    private static void refuseNewer(MigrationInfo... all) {
        Optional<MigrationVersion> newer = newest(all, each -> each.getState() == MigrationState.FUTURE_SUCCESS);
        Optional<MigrationVersion> known = newest(all, each -> each.getState() != MigrationState.FUTURE_SUCCESS);
        newer.ifPresent(version -> {
            throw new IllegalArgumentException("the store has schema version " + version
                    + ", and this program knows no later one than "
                    + known.map(MigrationVersion::toString).orElse("0")
                    + ": start the version that has written it, or a later one");
        });
    }

    private static Optional<MigrationVersion> newest(MigrationInfo[] all, Predicate<MigrationInfo> which) {
        return Arrays.stream(all)
                .filter(which)
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }
}
