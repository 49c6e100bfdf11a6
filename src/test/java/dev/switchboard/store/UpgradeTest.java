package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.message.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that an earlier version has filled. */
class UpgradeTest {

    private static final String INSERT =
            "insert into message (seq, id, lane, api, operation, body, hash, intake, state, band, position, due, expires, attempts,"
                    + " tries, ambiguous, epoch, class, failure, accepted_at, finished_at) values (%1$d, '%2$s', 'acme/default', 'chat',"
                    + " 'send', '%3$s', 'h', 'rest', '%4$s', 0, %1$d, 0, 0, 1, 1, 0, 1, %5$s, 1000, 2000)";

    @TempDir
    Path folder;

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("s.db");
    }

    private void fillAsVersion3() throws SQLException {
        Flyway.configure()
                .dataSource(url(), null, null)
                .locations("classpath:db/migration")
                .target("3")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(INSERT.formatted(
                    1,
                    "labelled",
                    "{\"customerId\":\"anna-1\",\"labels\":{\"campaign\":\"spring\",\"team\":\"b\"}}",
                    "dead",
                    "'gone', '{\"class\":\"gone\"}'"));
            statement.execute(INSERT.formatted(
                    2, "maybe", "{}", "dead", "'unmapped', '{\"class\":\"unmapped\",\"mayHaveBeenSent\":true}'"));
            statement.execute(
                    INSERT.formatted(3, "uncertain", "{}", "uncertain", "'uncertain', '{\"class\":\"uncertain\"}'"));
            statement.execute(INSERT.formatted(4, "done", "{\"labels\":{}}", "delivered", "null, null"));
        }
    }

    private static List<String> found(Store store, Filter filter) {
        return store.search(filter, Long.MAX_VALUE, 10).stream()
                .map(found -> found.view().path("id").asText())
                .toList();
    }

    @Test
    void whatVersion3KeptIsFoundCountedAndReplayedByThisOne() throws SQLException {
        fillAsVersion3();
        try (Store store = Store.open(url(), "", "")) {
            assertThat(found(store, new Filter().label("campaign", "spring"))).containsExactly("labelled");
            assertThat(found(store, new Filter().words("anna"))).containsExactly("labelled");
            assertThat(found(store, new Filter().states(Set.of(State.DEAD)))).containsExactly("maybe", "labelled");
            assertThat(store.deadLetterGroups(new Filter().states(Filter.FAILED)))
                    .extracting(Group::failureClass, Group::mayHaveBeenSent)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("gone", 0L),
                            org.assertj.core.groups.Tuple.tuple("unmapped", 1L),
                            org.assertj.core.groups.Tuple.tuple("uncertain", 1L));
            assertThat(store.countReplay(new Filter(), Long.MAX_VALUE, true)).isEqualTo(2);
        }
    }

    @Test
    void aStoreThatIsNewerThanTheProgramIsRefusedWithASentence() throws SQLException {
        Store.open(url(), "", "").close();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                            + " installed_by, execution_time, success) values (999, '99', 'later', 'SQL', 'V99__later.sql', 1, '', 1, 1)");
        }
        assertThatThrownBy(() -> Store.open(url(), "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema version 99");
        assertThat(folder.resolve("s.db")).exists();
    }

    @Test
    void theNewestMigrationIsTheVersionOfTheProgram() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString().replaceFirst("V(\\d+)__.*", "$1"))
                            .max(Comparator.comparing(Integer::valueOf)))
                    .contains(Database.SCHEMA);
        }
    }
}
