package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.message.FailureClass;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
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
