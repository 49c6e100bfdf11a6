package dev.switchboard.database;

import dev.switchboard.database.SealedColumns.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts with the newest key what another one encrypts, or none, a little in a commit. A pass goes through all tables with
 * content; those that rows move to come later.
 */
public final class Resealing {

    private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);
    private static final int ROWS = 100;
    private static final Table HASHES = new Table("identity", List.of("id"), List.of("hash"));
    private static final List<Table> TABLES =
            Stream.concat(SealedColumns.ALL.stream(), Stream.of(HASHES)).toList();

    private final Sealing sealing;
    private final StoreKeys keys;
    private Place place = new Place(0, List.of(), Map.of());

    /**
     * How far a pass has come.
     *
     * @param after the key of the last row
     * @param old the keys that it makes superfluous
     */
    private record Place(int table, List<@Nullable Object> after, Map<String, Long> old) {}

    Resealing(Sealing sealing, StoreKeys keys) {
        this.sealing = sealing;
        this.keys = keys;
    }

    /** Encrypts some; returns whether there is more. */
    public boolean step(Transaction transaction) {
        Place next = step(transaction, place);
        transaction.afterwards(() -> place = next);
        return next.table > 0 || !next.after.isEmpty();
    }

    private Place step(Transaction transaction, Place from) {
        if (from.table == TABLES.size()) {
            if (keys.forget(transaction, from.old)) {
                transaction.afterwards(
                        () -> LOG.info("All of the store is encrypted with the key {}.", sealing.current()));
            }
            return new Place(0, List.of(), Map.of());
        }
        Map<String, Long> old = from.table == 0 && from.after.isEmpty() ? keys.old(transaction) : from.old;
        if (old.isEmpty()) {
            return new Place(0, List.of(), old);
        }
        Table table = TABLES.get(from.table);
        List<List<@Nullable Object>> rows = rows(transaction.sql(), table, from.after);
        rows.forEach(row -> again(transaction.sql(), table, row));
        return rows.size() < ROWS
                ? new Place(from.table + 1, List.of(), old)
                : new Place(
                        from.table, rows.get(ROWS - 1).subList(0, table.key().size()), old);
    }

    private static List<List<@Nullable Object>> rows(Sql sql, Table table, List<@Nullable Object> after) {
        String key = String.join(", ", table.key());
        var values = new ArrayList<@Nullable Object>(after);
        values.add(ROWS);
        return sql.list(
                "select " + key + ", " + String.join(", ", table.columns()) + " from " + table.name()
                        + (after.isEmpty() ? "" : " where (" + key + ") > (" + marks(after.size()) + ")")
                        + " order by " + key + " limit ?",
                row -> row.values(table.key().size() + table.columns().size()),
                values.toArray());
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    private void again(Sql sql, Table table, List<@Nullable Object> row) {
        int keys = table.key().size();
        for (int i = 0; i < table.columns().size(); i++) {
            String kept = (String) row.get(keys + i);
            boolean hash = table.equals(HASHES);
            if (kept != null && (hash ? !kept.equals(sealing.fingerprint(kept)) : !sealing.isCurrent(kept))) {
                String column = table.columns().get(i);
                var values = new ArrayList<@Nullable Object>();
                values.add(hash ? sealing.fingerprint(kept) : sealing.open(kept));
                values.addAll(row.subList(0, keys));
                values.add(kept);
                sql.update(
                        "update " + table.name() + " set " + column + " = ? where "
                                + String.join(" = ? and ", table.key()) + " = ? and " + column + " = ?",
                        values.toArray());
            }
        }
    }
}
