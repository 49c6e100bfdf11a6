package dev.switchboard.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who may do what, and who did: the keys of the API, and the audit. */
public final class AccessStore {

    private final Database database;
    private final Writer writer;

    AccessStore(Database database, Writer writer) {
        this.database = database;
        this.writer = writer;
    }

    /** Lists the keys, revoked ones too, by their names. */
    public List<ApiKey> keys() {
        return database.read(handle -> handle.createQuery("select * from api_key order by name")
                .map((row, context) -> key(row))
                .list());
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("name"),
                words(row.getString("roles")),
                words(row.getString("lanes")),
                row.getString("id_prefix"),
                integer(row, "per_second"),
                row.getString("salt"),
                row.getString("hash"),
                row.getLong("created_at"),
                number(row, "expires_at"),
                number(row, "revoked_at"));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? null : number;
    }

    /** Keeps a new key; says by the future whether its name was free. */
    public CompletableFuture<Boolean> add(ApiKey key) {
        return writer.dispatch(transaction -> {
            if (transaction.sql().any("select 1 from api_key where name = ?", key.name())) {
                return false;
            }
            transaction
                    .sql()
                    .update(
                            "insert into api_key (name, roles, lanes, id_prefix, per_second, salt, hash, created_at, expires_at)"
                                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            key.name(),
                            String.join(" ", key.roles()),
                            String.join(" ", key.lanes()),
                            key.idPrefix(),
                            key.perSecond(),
                            key.salt(),
                            key.hash(),
                            key.createdAt(),
                            key.expiresAt());
            return true;
        });
    }

    /** Makes a key count no more; says by the future whether there was one that did. */
    public CompletableFuture<Boolean> revoke(String name) {
        return writer.dispatch(transaction -> transaction
                        .sql()
                        .update(
                                "update api_key set revoked_at = ? where name = ? and revoked_at is null",
                                Clock.now(),
                                name)
                > 0);
    }

    /** Writes down that somebody asks for something. Nothing of the kind is done before this is on disk. */
    public CompletableFuture<?> audit(AuditEntry entry) {
        return writer.dispatch(transaction -> transaction
                .sql()
                .update(
                        "insert into audit (seq, at, who, address, operation, subject, detail, status)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                        transaction.nextSeq(),
                        entry.at(),
                        entry.who(),
                        entry.address(),
                        entry.operation(),
                        entry.subject(),
                        entry.detail(),
                        entry.status()));
    }

    /**
     * Lists what was done, latest first.
     *
     * @param who the name of a key; null: anybody
     * @param subject what the path begins with; null: anything
     * @param before the number of the last entry that is known
     */
    public List<AuditEntry> audited(@Nullable String who, @Nullable String subject, long before, int limit) {
        var conditions = new Conditions().value("before", before).value("limit", limit);
        conditions.is("who", who);
        if (subject != null) {
            conditions
                    .and("substr(subject, 1, :length) = :subject")
                    .value("subject", subject)
                    .value("length", subject.length());
        }
        return database.read(handle -> conditions
                .bind(handle.createQuery("select * from audit where seq < :before" + conditions.sql()
                        + " order by seq desc limit :limit"))
                .map((row, context) -> entry(row))
                .list());
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("seq"),
                row.getLong("at"),
                row.getString("who"),
                row.getString("address"),
                row.getString("operation"),
                row.getString("subject"),
                row.getString("detail"),
                integer(row, "status"));
    }
}
