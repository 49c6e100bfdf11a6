package dev.switchboard.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts, by triggers of its own, the rows that a SQLite store inserts, updates and deletes, and the index entries that it adds. */
final class SqliteWrites implements AutoCloseable {

    private static final Pattern INDEX = Pattern.compile("(?is)create index \\w+ on \\w+ \\((.*?)\\)(\\s+where .*)?");

    private final Connection connection;

    /** Begins to count in a store, which may be open. */
    SqliteWrites(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        execute("create table counted (what text primary key, times integer not null)");
        for (String table : texts("select name from sqlite_master where type = 'table' and name not in"
                + " ('counted', 'flyway_schema_history') and name not like 'sqlite%'")) {
            String columns =
                    "select " + String.join(", ", texts("select name from pragma_table_info('" + table + "')"));
            trigger(table, "insert", columns, "");
            trigger(table, "update", columns, "old");
            trigger(table, "delete", "", "old");
        }
    }

    private void trigger(String table, String event, String columns, String old) throws SQLException {
        var body = new StringBuilder(count(table + " " + event, "1"));
        if (!columns.isEmpty()) {
            for (String index :
                    texts("select sql from sqlite_master where type = 'index' and tbl_name = '" + table + "'")) {
                body.append(count(index.split(" ", 4)[2], added(index, columns, old)));
            }
        }
        execute("create trigger counted_" + table + "_" + event + " after " + event + " on " + table + " begin " + body
                + " end");
    }

    private static String count(String what, String times) {
        return "insert into counted select '" + what + "', " + times
                + " where true on conflict (what) do update set times = times + excluded.times; ";
    }

    /** Counts the entries of a row that its older version has not, in an index that may be of some rows only. */
    private static String added(String index, String columns, String old) {
        Matcher parts = INDEX.matcher(index);
        if (!parts.matches()) {
            throw new IllegalArgumentException(index);
        }
        String where = parts.group(2) == null ? "" : parts.group(2);
        String entry = "select " + parts.group(1) + " from (" + columns.replaceAll("(\\w+)(,|$)", "%1\\$s.$1 as $1$2")
                + ")" + where;
        return "(select count(*) from (" + entry.formatted("new")
                + (old.isEmpty() ? "" : " except " + entry.formatted(old)) + "))";
    }

    /** Returns what has been written: of a table {@code message insert}, of an index its name. */
    Map<String, Long> written() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select what, times from counted where times > 0")) {
            var written = new TreeMap<String, Long>();
            while (rows.next()) {
                written.put(rows.getString(1), rows.getLong(2));
            }
            return written;
        }
    }

    private List<String> texts(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                if (rows.getString(1) != null) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
