package dev.switchboard.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
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
        int from = 0;
        if (rows.size() >= ROWS) {
            String row = sql.substring(sql.lastIndexOf(" values ") + " values ".length());
            String many = sql + ("," + row).repeat(ROWS - 1);
            for (; from + ROWS <= rows.size(); from += ROWS) {
                update(
                        many,
                        rows.subList(from, from + ROWS).stream()
                                .flatMap(Arrays::stream)
                                .toArray());
            }
        }
        rows.subList(from, rows.size()).forEach(row -> update(sql, row));
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
        eachPart(sql, List.of(), list, List.of(after), (part, values) -> found.addAll(list(part, mapper, values)));
        return found;
    }

    /**
     * Changes rows by a list of any length, in parts.
     *
     * @param sql has {@code ?*} in the place of the list
     * @param before the values before the list
     */
    void updateIn(String sql, List<?> list, Object... before) {
        eachPart(sql, List.of(before), list, List.of(), this::update);
    }

    /** Few sizes, so that few statements are prepared; the last value fills up the rest. */
    private static void eachPart(
            String sql, List<?> before, List<?> list, List<?> after, BiConsumer<String, Object[]> use) {
        int largest = LIST_SIZES[LIST_SIZES.length - 1];
        String one = sql.contains("(?)*") ? "(?)" : "?";
        for (int from = 0; from < list.size(); from += largest) {
            List<?> part = list.subList(from, Math.min(list.size(), from + largest));
            int size = sizeFor(part.size());
            var values = new ArrayList<Object>(before);
            values.addAll(part);
            values.addAll(Collections.nCopies(size - part.size(), part.get(part.size() - 1)));
            values.addAll(after);
            use.accept(sql.replace(one + "*", one + ("," + one).repeat(size - 1)), values.toArray());
        }
    }

    /** Returns a number that may be missing. */
    static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

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
