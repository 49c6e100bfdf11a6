package dev.switchboard.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to PostgreSQL. Each session sets its own limits, so that one whose process is dead, frozen or cut off ends within
 * seconds and no one waits longer for a row that it has locked; nothing has to be set at the server. What the address sets itself
 * stays as it is.
 */
final class PostgresSessions extends PGSimpleDataSource {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSessions.class);
    private static final int ANSWERS_WITHIN = 60;
    private static final String SET =
            "select set_config(name, ?, false) from pg_settings where name = ? and source <> 'client'";
    private static final String KNOWN = "select 1 from pg_settings where name = ?";

    /** The server finds out that the other side of a connection is gone, also while it works or waits for a lock. */
    private static final Map<String, String> ALL = Map.of(
            "tcp_keepalives_idle", "4",
            "tcp_keepalives_interval", "1",
            "tcp_keepalives_count", "3",
            "tcp_user_timeout", "7000",
            "client_connection_check_interval", "2000");

    /** The kernel of a frozen process still answers, so its transaction has to end by itself; others wait for a row even less. */
    private static final Map<String, String> WRITER =
            Map.of("idle_in_transaction_session_timeout", "4000", "lock_timeout", "1000");

    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    PostgresSessions(String url, String username, String password) {
        setUrl(url);
        setUser(username);
        setPassword(password);
        setApplicationName("switchboard");
        setTcpKeepAlive(true);
        if (getSocketTimeout() == 0) {
            setSocketTimeout(ANSWERS_WITHIN);
        }
        setLogServerErrorDetail(false); // it shows the values of a row that could not be written
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        limit(connection, ALL);
        return connection;
    }

    /**
     * Requires that a connection keeps its session: a pooler that gives each transaction another one breaks limits, locks and
     * notifications. While another connection is in a transaction, it cannot get the session back that it had.
     *
     * @throws IllegalArgumentException when it does not keep it, or the database does not answer
     */
    void requireOwnSession() {
        String mark = UUID.randomUUID().toString();
        try (Connection one = super.getConnection(getUser(), getPassword());
                Connection other = super.getConnection(getUser(), getPassword())) {
            first(one, "select set_config('switchboard.session', '" + mark + "', false)");
            other.setAutoCommit(false);
            first(other, "select 1");
            boolean kept = mark.equals(first(one, "select current_setting('switchboard.session', true)"));
            other.rollback();
            if (!kept) {
                throw new IllegalArgumentException(
                        "switchboard.store.url: a pooler gives each transaction another session;"
                                + " the bus needs one for each connection (PgBouncer: pool_mode=session), or the server itself");
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException("switchboard.store.url: " + e.getMessage(), e);
        }
    }

    private static @Nullable String first(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet found = statement.executeQuery()) {
            return found.next() ? found.getString(1) : null;
        }
    }

    /** Limits a session that others may have to wait for. */
    void limitWriter(Connection connection) {
        limit(connection, WRITER);
    }

    private void limit(Connection connection, Map<String, String> settings) {
        settings.forEach((name, value) -> {
            try {
                if (!set(connection, name, value)) {
                    tell(name, "this version does not have it");
                }
            } catch (SQLException e) {
                tell(name, String.valueOf(e.getMessage()));
            }
        });
    }

    private static boolean set(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SET);
                PreparedStatement known = connection.prepareStatement(KNOWN)) {
            set.setString(1, value);
            set.setString(2, name);
            known.setString(1, name);
            try (ResultSet done = set.executeQuery()) {
                if (done.next()) {
                    return true;
                }
            }
            try (ResultSet any = known.executeQuery()) {
                return any.next();
            }
        }
    }

    private void tell(String name, String why) {
        if (refused.add(name)) {
            LOG.warn(
                    "PostgreSQL does not set {}, so others may wait longer for what a process held that died: {}",
                    name,
                    why);
        }
    }
}
