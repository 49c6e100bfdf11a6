package dev.switchboard.database;

import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Which keys a store is encrypted with. Each has a row, with the key of hashes sealed by it, which proves that a key file has the
 * same. A row goes when nothing is left that its key encrypts; the row without an id stands for what is not encrypted.
 */
final class StoreKeys {

    private static final String REGISTER = "insert into sealing_key (id, proof, uses) values (?, ?, 1)"
            + " on conflict (id) do update set uses = sealing_key.uses + 1";

    private final Sealing sealing;
    private final Locks locks;
    private String proof = "";

    StoreKeys(Sealing sealing, Locks locks) {
        this.sealing = sealing;
        this.locks = locks;
    }

    /**
     * Compares the store's keys with those of the key file.
     *
     * @throws IllegalArgumentException when one is missing, or another key has its id
     */
    void check(DataSource database) {
        try (Sql sql = new Sql(database.getConnection(), sealing)) {
            Map<String, String> known = known(sql);
            if (sealing.isOn()) {
                sql.connection().setAutoCommit(false);
                begin(sql, known.values().stream().findFirst().orElseGet(StoreKeys::newHashKey), known.isEmpty());
                sql.connection().commit();
            }
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    private static String newHashKey() {
        return Base64.getEncoder().encodeToString(Sealing.newHashKey());
    }

    /** Returns the key of hashes, by each key that seals it. */
    private Map<String, String> known(Sql sql) {
        return sql
                .list("select id, proof from sealing_key where id <> ''", row -> Map.entry(row.text(), row.text()))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> proven(each.getKey(), each.getValue())));
    }

    private String proven(String id, String sealed) {
        require(
                sealing.isOn(),
                "is not set, and the store is encrypted with the key " + id + ": name the file that has it");
        require(sealing.knows(id), "the file has no key " + id + ", with which the store is encrypted: put it back");
        String opened = sealing.open(sealed);
        require(
                !Sealing.looksSealed(opened),
                "the file's key " + id + " is not the one with which the store is encrypted");
        return opened;
    }

    /** Another process may begin at the same time: then the key of hashes is what the first one has written. */
    private void begin(Sql sql, String hashKey, boolean first) {
        if (first) {
            sql.update(REGISTER, "", "");
        }
        proof = String.valueOf(sealing.seal(hashKey));
        sql.update(REGISTER, sealing.current(), proof);
        String kept = Objects.requireNonNull(known(sql).get(sealing.current()));
        sealing.hashWith(Base64.getDecoder().decode(kept));
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(KeyFile.SETTING + ": " + otherwise);
        }
    }

    /** Notes on a new connection that this process encrypts with its key, or with none. */
    void connected(Sql sql, int process) {
        if (!locks.take(sql, user(sealing.current(), process)) && sealing.isOn()) {
            throw new IllegalStateException("another process is just looking for keys that are not in use");
        }
        if (sealing.isOn()) {
            sql.update(REGISTER, sealing.current(), proof);
        }
    }

    private static String user(String id, int process) {
        return "encrypts with " + id + " " + process;
    }

    /** Returns the keys that no process encrypts with any more, and how often each was in use. */
    Map<String, Long> old(Transaction transaction) {
        return transaction
                .list(
                        "select id, uses from sealing_key where id <> ?",
                        row -> Map.entry(row.text(), row.number()),
                        sealing.current())
                .stream()
                .filter(each -> IntStream.range(0, Clock.PROCESSES)
                        .allMatch(process -> locks.takeForNow(transaction, user(each.getKey(), process))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Forgets keys that nothing is encrypted with, unless they were in use again meanwhile; returns whether it was all others. */
    boolean forget(Transaction transaction, Map<String, Long> old) {
        old(transaction).forEach((id, uses) -> {
            if (uses.equals(old.get(id))) {
                transaction.update("delete from sealing_key where id = ? and uses = ?", id, uses);
            }
        });
        return !transaction.sql().any("select 1 from sealing_key where id <> ?", sealing.current());
    }
}
