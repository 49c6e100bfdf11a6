package dev.switchboard.access;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Writer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who may do what, and who did: the keys of the API, and the audit. */
public final class AccessStore {

    private final Database database;
    private final Writer writer;

    public AccessStore(Database database, Writer writer) {
        this.database = database;
        this.writer = writer;
    }

    /** Lists the keys, revoked ones too, by their names. */
    public List<ApiKey> keys() {
        return database.read(sql -> sql.list(
                "select name, roles, lanes, id_prefix, transcripts, per_second, salt, hash, created_at, expires_at, revoked_at"
                        + " from api_key order by name",
                Row.as(ApiKey.class)));
    }

    /** Keeps a new key; says by the future whether its name was free. */
    public CompletableFuture<Boolean> add(ApiKey key) {
        return writer.dispatch(transaction -> {
            if (transaction.sql().any("select 1 from api_key where name = ?", key.name())) {
                return false;
            }
            transaction.update(
                    "insert into api_key (name, roles, lanes, id_prefix, transcripts, per_second, salt, hash, created_at,"
                            + " expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    key.name(),
                    String.join(" ", key.roles()),
                    String.join(" ", key.lanes()),
                    key.idPrefix(),
                    key.transcripts(),
                    key.perSecond(),
                    key.salt(),
                    key.hash(),
                    key.createdAt(),
                    key.expiresAt());
            return true;
        });
    }

    /** Revokes a key; says by the future whether there was a valid one. */
    public CompletableFuture<Boolean> revoke(String name) {
        return writer.dispatch(transaction -> transaction.update(
                        "update api_key set revoked_at = ? where name = ? and revoked_at is null", Clock.now(), name)
                > 0);
    }

    /** Writes down that someone asks for something, and returns its number. Nothing of the kind is done before this is on disk. */
    public CompletableFuture<Long> audit(AuditEntry entry) {
        return writer.dispatch(transaction -> {
            long seq = transaction.nextSeq();
            transaction.update(
                    "insert into audit (seq, at, who, address, operation, subject, detail, status)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                    seq,
                    entry.at(),
                    entry.who(),
                    entry.address(),
                    entry.operation(),
                    entry.subject(),
                    entry.detail(),
                    entry.status());
            return seq;
        });
    }

    /** Writes down with which HTTP status a call ended. */
    public CompletableFuture<?> ended(long seq, int status) {
        return writer.dispatch(
                transaction -> transaction.update("insert into audit_result (seq, status) values (?, ?)", seq, status));
    }

    /**
     * Lists what was done, latest first.
     *
     * @param before the number of the last entry that is known
     */
    public List<AuditEntry> audited(AuditFilter filter, long before, int limit) {
        var query = new Query(
                        "select audit.seq, at, who, address, operation, subject, detail,"
                                + " coalesce(audit.status, audit_result.status)"
                                + " from audit left join audit_result on audit_result.seq = audit.seq where audit.seq < ?",
                        before)
                .is("who", filter.who())
                .is("operation", filter.operation());
        if (filter.subject() != null) {
            query.and("substr(subject, 1, ?) = ?", filter.subject().length(), filter.subject());
        }
        if (filter.from() != null) {
            query.and("at >= ?", filter.from());
        }
        if (filter.to() != null) {
            query.and("at < ?", filter.to());
        }
        query.add(" order by audit.seq desc limit ?", limit);
        return database.read(sql -> query.list(sql, Row.as(AuditEntry.class)));
    }
}
