package dev.switchboard.database;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of a result. Its columns are read from left to right, or by their names. */
public final class Row {

    private final ResultSet result;
    private final Sealing sealing;
    private int column;

    Row(ResultSet result, Sealing sealing) {
        this.result = result;
        this.sealing = sealing;
    }

    /** Makes a record of each row: a component takes the next column, and one that is a record itself takes the next few. */
    public static <T extends Record> Sql.Mapper<T> as(Class<T> type) {
        return RecordMapper.of(type);
    }

    /** Goes to the next row; returns whether there is one. */
    public boolean next() throws SQLException {
        column = 0;
        return result.next();
    }

    /** Returns the next column, which has a text. */
    public String text() throws SQLException {
        return open(result.getString(++column), null);
    }

    @Nullable
    public String textOrNull() throws SQLException {
        return open(result.getString(++column), null);
    }

    /** Opens what is sealed, in columns of content only: elsewhere it is a text that someone has chosen. */
    private String open(String text, @Nullable String name) throws SQLException {
        return Sealing.looksSealed(text)
                        && SealedColumns.has(name == null ? result.getMetaData().getColumnLabel(column) : name)
                ? sealing.open(text)
                : text;
    }

    /** Returns the next columns as they are kept. */
    List<@Nullable Object> values(int count) throws SQLException {
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < count; i++) {
            values.add(result.getObject(++column));
        }
        return values;
    }

    public long number() throws SQLException {
        return result.getLong(++column);
    }

    public int count() throws SQLException {
        return result.getInt(++column);
    }

    public boolean flag() throws SQLException {
        return result.getBoolean(++column);
    }

    @Nullable
    public Long numberOrNull() throws SQLException {
        long number = result.getLong(++column);
        return result.wasNull() ? null : number;
    }

    @Nullable
    public Integer countOrNull() throws SQLException {
        int count = result.getInt(++column);
        return result.wasNull() ? null : count;
    }

    @Nullable
    public Double decimalOrNull() throws SQLException {
        double number = result.getDouble(++column);
        return result.wasNull() ? null : number;
    }

    /** Returns a column that may be missing. */
    @Nullable
    public String text(String name) throws SQLException {
        return open(result.getString(name), name);
    }

    @Nullable
    public Long number(String name) throws SQLException {
        long number = result.getLong(name);
        return result.wasNull() ? null : number;
    }

    @Nullable
    public Integer count(String name) throws SQLException {
        int count = result.getInt(name);
        return result.wasNull() ? null : count;
    }

    /** Returns a time as RFC 3339. */
    @Nullable
    public String time(String name) throws SQLException {
        return Json.time(number(name));
    }

    public JsonNode json(String name) throws SQLException {
        return Json.parse(text(name));
    }

    /** Returns all columns, for people. */
    @Override
    public String toString() {
        var columns = new StringBuilder();
        try {
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                columns.append(result.getString(i)).append(' ');
            }
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
        return columns.toString();
    }
}
