package dev.switchboard.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the connection that writes. The same few are run for every message, so each is prepared once; that, and
 * values bound by their place, is a third of the CPU time that a mapper takes here.
 */
final class Statements {

    private static final int[] LIST_SIZES = {1, 8, 64, 512};
    private static final int ROWS = 32;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Something could not be run; the cause says why. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Makes something of a row. */
    @FunctionalInterface
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** Changes rows; returns how many. */
    int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    /**
     * Inserts rows, many by one statement: it looks up the place in an index of a row beside that of the row before.
     *
     * @param sql ends with {@code values} and the one row of values
     */
    void insert(String sql, List<@Nullable Object[]> rows) {
        int behind = sql.lastIndexOf(" values ") + " values ".length();
        for (int from = 0; from < rows.size(); ) {
            int size = rows.size() - from >= ROWS ? ROWS : 1;
            String many = sql + ("," + sql.substring(behind)).repeat(size - 1);
            update(
                    many,
                    rows.subList(from, from + size).stream()
                            .flatMap(Arrays::stream)
                            .toArray());
            from += size;
        }
    }

    /** Runs a statement once for each list of values. */
    void batch(String sql, List<@Nullable Object[]> lists) {
        if (lists.isEmpty()) {
            return;
        }
        try {
            for (@Nullable Object[] values : lists) {
                bound(sql, values).addBatch();
            }
            prepare(sql).executeBatch();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            var list = new ArrayList<T>();
            while (rows.next()) {
                list.add(mapper.map(rows));
            }
            return list;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... values) {
        return list(sql, mapper, values).stream().findFirst();
    }

    /** Says whether there is a row. */
    boolean any(String sql, @Nullable Object... values) {
        return !list(sql, row -> true, values).isEmpty();
    }

    /**
     * Selects by a list of any length, in parts.
     *
     * @param sql has {@code ?*} or {@code (?)*} in the place of the list
     * @param after the values behind the list
     */
    <T> List<T> listIn(String sql, Mapper<T> mapper, List<String> list, Object... after) {
        var found = new ArrayList<T>();
        int largest = LIST_SIZES[LIST_SIZES.length - 1];
        for (int from = 0; from < list.size(); from += largest) {
            List<String> part = list.subList(from, Math.min(list.size(), from + largest));
            int size = sizeFor(part.size());
            List<Object> values = padded(part, size);
            values.addAll(List.of(after));
            String one = sql.contains("(?)*") ? "(?)" : "?";
            String many = one + ("," + one).repeat(size - 1);
            found.addAll(list(sql.replace(one + "*", many), mapper, values.toArray()));
        }
        return found;
    }

    /**
     * Changes rows by a list of any length, in parts.
     *
     * @param sql has {@code ?*} in the place of the list
     * @param before the values before the list
     */
    void updateIn(String sql, List<?> list, Object... before) {
        int largest = LIST_SIZES[LIST_SIZES.length - 1];
        for (int from = 0; from < list.size(); from += largest) {
            List<?> part = list.subList(from, Math.min(list.size(), from + largest));
            int size = sizeFor(part.size());
            var values = new ArrayList<Object>(List.of(before));
            values.addAll(padded(part, size));
            update(sql.replace("?*", "?" + ",?".repeat(size - 1)), values.toArray());
        }
    }

    private static List<Object> padded(List<?> part, int size) {
        var values = new ArrayList<Object>(part);
        while (values.size() < size) {
            values.add(part.get(part.size() - 1));
        }
        return values;
    }

    /** Returns a number that may be missing. */
    static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** Few sizes, so that few statements are prepared; the last value fills up the rest. */
    private static int sizeFor(int count) {
        int i = 0;
        while (LIST_SIZES[i] < count) {
            i++;
        }
        return LIST_SIZES[i];
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }
}
