package dev.switchboard.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Begins and ends commits on the connection that writes. SQLite's driver would begin the next as soon as one has ended, only to
 * end that as well: statements and locks of the file for nothing, with every commit.
 */
public final class Commits {

    private final Connection connection;
    private final @Nullable PreparedStatement begin;
    private final @Nullable PreparedStatement commit;
    private final @Nullable PreparedStatement rollback;
    private boolean open;

    public Commits(Connection connection) throws SQLException {
        this.connection = connection;
        boolean sqlite = connection.isWrapperFor(SQLiteConnection.class);
        begin = sqlite ? connection.prepareStatement("begin immediate") : null;
        commit = sqlite ? connection.prepareStatement("commit") : null;
        rollback = sqlite ? connection.prepareStatement("rollback") : null;
        // from now on the driver ends nothing by itself; SQLite's has begun something with it
        connection.setAutoCommit(false);
        run(commit);
    }

    private static void run(@Nullable PreparedStatement statement) throws SQLException {
        if (statement != null) {
            statement.executeUpdate();
        }
    }

    /** Begins; no one else writes to a SQLite file until it ends. */
    public void begin() throws SQLException {
        run(begin);
        open = true;
    }

    public void commit() throws SQLException {
        if (commit == null) {
            connection.commit();
        } else {
            commit.executeUpdate();
        }
        open = false;
    }

    /** Undoes what was begun, if something was. */
    public void rollback() throws SQLException {
        if (rollback == null) {
            connection.rollback(); // also of what asking whether the connection is there has begun
        } else if (open) {
            rollback.executeUpdate();
        }
        open = false;
    }
}
