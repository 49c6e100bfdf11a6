package dev.switchboard.ownership;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.StoreFailed;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of the instances that share a PostgreSQL database. An instance holds one lock in the session that writes, so anyone who can
 * take that lock knows that nothing more is written by that session.
 */
final class InstanceRows {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceRows.class);
    private static final int TRIES = 60;
    private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
    private static final String KEY = "hashtextextended(?, 21)";
    private static final String REGISTER =
            "insert into instance (id, version, process, since, seen) values (?, ?, ?, ?, " + NOW
                    + ") on conflict (id) do update set seen = excluded.seen";
    private static final String ALL =
            "select id, version, process, serves, since, seen, " + NOW + " - seen, drains, id <> ? and"
                    + " pg_try_advisory_xact_lock(hashtextextended(id, 21)) from instance order by id";
    private static final String END = "select pg_terminate_backend(pid) from pg_locks cross join (select " + KEY
            + " as key) as held where locktype = 'advisory' and objsubid = 1 and granted"
            + " and classid = ((key >> 32) & 4294967295)::oid and objid = (key & 4294967295)::oid"
            + " and database = (select oid from pg_database where datname = current_database())"
            + " and pid <> pg_backend_pid()";

    private final String id;
    private final String version;
    private final long since;
    private String written = "";
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    InstanceRows(String id, String version, long since) {
        this.id = id;
        this.version = version;
        this.since = since;
    }

    /** Registers this instance by a new session that writes. An old session of its own, which the server still has, is ended. */
    void register(Sql sql) {
        for (int tries = 0; !sql.any("select 1 where pg_try_advisory_lock(" + KEY + ")", id); tries++) {
            if (tries == TRIES) {
                throw new IllegalStateException("the database still has an old session of this instance");
            }
            if (tries % 10 == 1) {
                end(sql, id);
            }
            LockSupport.parkNanos(BETWEEN_TRIES);
        }
        sql.update(REGISTER, id, version, LocalProcess.OURS, since);
    }

    /** Says that this instance lives; returns whether no other one has taken it for dead. */
    boolean beat(Sql sql, Collection<String> lanes) {
        boolean lives = sql.update("update instance set seen = " + NOW + " where id = ?", id) == 1;
        String serves = String.join(" ", new TreeSet<>(lanes));
        if (lives && !serves.equals(written)) {
            sql.update("update instance set serves = ? where id = ?", serves, id);
        }
        written = lives ? serves : "";
        return lives;
    }

    List<Instance> all(Sql sql) {
        return sql.list(ALL, Row.as(Instance.class), id);
    }

    /** Takes an instance for dead, unless it has said meanwhile that it lives: its lanes have no owner then. Returns whether it was. */
    boolean remove(Sql sql, Instance dead) {
        int removed = sql.update(
                "delete from instance where id = ? and seen = ? and pg_try_advisory_xact_lock(" + KEY + ")",
                dead.id(),
                dead.seen(),
                dead.id());
        if (removed > 0) {
            LOG.warn("The instance {} has ended or does not answer; others take its lanes over.", dead.id());
        }
        return removed > 0;
    }

    /**
     * Ends the session of an instance that is frozen or cut off, so that it writes nothing when it comes back. The user of this
     * session may end sessions of the same user.
     *
     * @return whether it has one that ends now
     */
    boolean end(Sql sql, String instance) {
        try {
            return sql.list(END, Row::flag, instance).contains(true);
        } catch (StoreFailed e) {
            if (refused.add(instance)) {
                LOG.warn("The session of the instance {} cannot be ended here: {}", instance, e.getMessage());
            }
            return false;
        }
    }

    /** Leaves: what it owned has no owner. */
    void leave(Sql sql) {
        sql.update("delete from instance where id = ?", id);
    }

    /** Has an instance give its lanes away; returns whether there is one. */
    static boolean drain(Sql sql, String instance) {
        return sql.update("update instance set drains = 1 where id = ?", instance) > 0;
    }
}
