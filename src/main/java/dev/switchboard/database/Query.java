package dev.switchboard.database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that is put together piece by piece, with the values that it binds. */
public final class Query {

    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    public Query(String begin, @Nullable Object... bound) {
        add(begin, bound);
    }

    /** Adds a piece, with a value for each of its question marks. */
    public Query add(String piece, @Nullable Object... bound) {
        sql.append(piece);
        Collections.addAll(values, bound);
        return this;
    }

    /** Adds another one, values included. */
    public Query add(Query other) {
        return add(other.sql.toString(), other.values.toArray());
    }

    /** Adds values of question marks that are there already. */
    public Query bind(@Nullable Object... bound) {
        return add("", bound);
    }

    /** Adds a condition. */
    public Query and(String condition, @Nullable Object... bound) {
        return add(" and " + condition, bound);
    }

    /** Adds a condition where a value is asked for. */
    public Query is(String column, @Nullable Object value) {
        return value == null ? this : and(column + " = ?", value);
    }

    /** Adds a condition that a column has one of some values, where there are any. */
    public Query among(String column, Collection<?> wanted) {
        return wanted.isEmpty() ? this : in(column, wanted);
    }

    /** Adds a condition that a column has one of some values. */
    public Query in(String column, Collection<?> wanted) {
        return wanted.isEmpty()
                ? and("1 = 0")
                : and(column + " in (?" + ", ?".repeat(wanted.size() - 1) + ")", wanted.toArray());
    }

    /** Puts it into another statement. */
    public Query within(String before, String after, @Nullable Object... first) {
        var whole = new Query(before, first);
        return whole.add(this).add(after);
    }

    public <T> List<T> list(Sql connection, Sql.Mapper<T> mapper) {
        return connection.list(sql.toString(), mapper, values.toArray());
    }

    /** Returns what is made of the first row; null where there is not one. */
    public <T> @Nullable T first(Sql connection, Sql.Mapper<T> mapper) {
        return connection.first(sql.toString(), mapper, values.toArray()).orElse(null);
    }

    public int update(Sql connection) {
        return connection.update(sql.toString(), values.toArray());
    }

    @Override
    public String toString() {
        return sql.toString();
    }
}
