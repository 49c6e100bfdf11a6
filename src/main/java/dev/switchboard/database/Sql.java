package dev.switchboard.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements on one connection. The same few are run for every message, so each is prepared once, and values are bound by
 * their place; those of {@link SealedColumns} are encrypted if the store has a key. What a statement that fails was about is not in
 * its message, and so in no log.
 */
public final class Sql implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sql.class);
    private static final int[] LIST_SIZES = {1, 2, 4, 8, 16, 32, 64, 512};
    private static final int ROWS = 32;
    private static final int FETCHED_AT_ONCE = 500;
    private static final BitSet NONE_SEALED = new BitSet();

    private final Connection connection;
    private final Sealing sealing;
    private final Map<String, Prepared> prepared = new HashMap<>();

    /**
     * A statement.
     *
     * @param sealed which of its values are encrypted
     */
    private record Prepared(PreparedStatement statement, BitSet sealed) {}

    /** Makes something of a row. */
    @FunctionalInterface
    public interface Mapper<T> {
        @Nullable
        T map(Row row) throws SQLException;
    }

    Sql(Connection connection, Sealing sealing) {
        this.connection = connection;
        this.sealing = sealing;
    }

    /** Encrypts what goes into columns of content. */
    public Sealing sealing() {
        return sealing;
    }

    public Connection connection() {
        return connection;
    }

    /** Changes rows; returns how many. */
    public int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /** Runs a statement once, whatever it returns. */
    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /**
     * Inserts rows, many by one statement: it looks up the place in an index of a row next to that of the row before.
     *
     * @param sql ends with {@code values} and the one row of values
     */
    public void insert(String sql, List<@Nullable Object[]> rows) {
        eachPart(sql, "", rows, this::update);
    }

    /**
     * Inserts rows but those that are there already; returns what is made of each that is new.
     *
     * @param sql ends with {@code values} and the one row of values
     * @param key is unique
     * @param returning columns of the new row
     */
    public <T> List<T> insertNew(
            String sql, List<@Nullable Object[]> rows, String key, String returning, Mapper<T> mapper) {
        var fresh = new ArrayList<T>();
        String rest = " on conflict (" + key + ") do nothing returning " + returning;
        eachPart(sql, rest, rows, (part, values) -> fresh.addAll(list(part, mapper, values)));
        return fresh;
    }

    /** The largest power of two first, so that few statements are prepared. */
    private static void eachPart(
            String sql, String rest, List<@Nullable Object[]> rows, BiConsumer<String, @Nullable Object[]> use) {
        String row = "," + sql.substring(sql.lastIndexOf(" values ") + " values ".length());
        int from = 0;
        while (from < rows.size()) {
            int count = Math.min(ROWS, Integer.highestOneBit(rows.size() - from));
            Stream<@Nullable Object> values =
                    rows.subList(from, from + count).stream().flatMap(Arrays::stream);
            use.accept(sql + row.repeat(count - 1) + rest, values.toArray());
            from += count;
        }
    }

    /** Runs a statement once for each list of values. */
    public void batch(String sql, List<@Nullable Object[]> lists) {
        if (lists.isEmpty()) {
            return;
        }
        try {
            for (@Nullable Object[] values : lists) {
                bound(sql, values).addBatch();
            }
            prepare(sql).statement.executeBatch();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    public <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... values) {
        try (ResultSet result = bound(sql, values).executeQuery()) {
            var row = new Row(result, sealing);
            var list = new ArrayList<T>();
            while (row.next()) {
                list.add(mapper.map(row));
            }
            return list;
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    public <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... values) {
        try (ResultSet result = bound(sql, values).executeQuery()) {
            var row = new Row(result, sealing);
            return row.next() ? Optional.ofNullable(mapper.map(row)) : Optional.empty();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /** Returns whether there is a row. */
    public boolean any(String sql, @Nullable Object... values) {
        return first(sql, row -> true, values).isPresent();
    }

    /** Returns the number that a query gives; 0 where it gives none. */
    public long number(String sql, @Nullable Object... values) {
        return first(sql, Row::number, values).orElse(0L);
    }

    /** Goes through rows of which there may be more than memory holds; on PostgreSQL within a transaction. */
    public <T> void each(String sql, Mapper<T> mapper, Consumer<T> use, @Nullable Object... values) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            bind(new Prepared(statement, NONE_SEALED), values);
            try (ResultSet result = statement.executeQuery()) {
                var row = new Row(result, sealing);
                while (row.next()) {
                    use.accept(mapper.map(row));
                }
            }
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    /**
     * Selects by a list of any length, in parts.
     *
     * @param sql has {@code ?*} or {@code (?)*} instead of the list
     * @param after the values behind the list
     */
    public <T> List<T> listIn(String sql, Mapper<T> mapper, List<?> list, Object... after) {
        var found = new ArrayList<T>();
        eachPart(sql, List.of(), list, List.of(after), (part, values) -> found.addAll(list(part, mapper, values)));
        return found;
    }

    /**
     * Changes rows by a list of any length, in parts.
     *
     * @param sql has {@code ?*} instead of the list
     * @param before the values before the list
     */
    public void updateIn(String sql, List<?> list, Object... before) {
        eachPart(sql, List.of(before), list, List.of(), this::update);
    }

    /** Few sizes, so that few statements are prepared; the last value fills up the rest. */
    private static void eachPart(
            String sql, List<?> before, List<?> list, List<?> after, BiConsumer<String, Object[]> use) {
        int largest = LIST_SIZES[LIST_SIZES.length - 1];
        String one = sql.contains("(?)*") ? "(?)" : "?";
        for (int from = 0; from < list.size(); from += largest) {
            List<?> part = list.subList(from, Math.min(list.size(), from + largest));
            int size = Arrays.stream(LIST_SIZES)
                    .filter(each -> each >= part.size())
                    .min()
                    .orElse(largest);
            var values = new ArrayList<Object>(before);
            values.addAll(part);
            values.addAll(Collections.nCopies(size - part.size(), part.get(part.size() - 1)));
            values.addAll(after);
            use.accept(sql.replace(one + "*", one + ("," + one).repeat(size - 1)), values.toArray());
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        LOG.trace(sql);
        Prepared known = prepare(sql);
        bind(known, values);
        return known.statement;
    }

    private void bind(Prepared known, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = known.sealed.get(i) ? sealing.seal((String) values[i]) : values[i];
            known.statement.setObject(i + 1, value);
        }
    }

    private Prepared prepare(String sql) throws SQLException {
        Prepared known = prepared.get(sql);
        if (known == null) {
            BitSet sealed = sealing.isOn() ? SealedColumns.in(sql) : NONE_SEALED;
            known = new Prepared(connection.prepareStatement(sql), sealed);
            prepared.put(sql, known);
        }
        return known;
    }

    /** Closes the statements and the connection. */
    @Override
    public void close() {
        try {
            for (Prepared each : prepared.values()) {
                each.statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }
}
