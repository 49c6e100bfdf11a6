package dev.switchboard.ownership;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Locks;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What this instance is the one owner of: lanes, and topics of the outbox. Each owner raises the epoch, by which it is known
 * that an attempt is of an owner that is not one any more.
 */
public final class Owners {

    /** A name is free where its owner has ended, too. */
    private static final String IS_FREE = " (lane.owner is null or lane.owner = ?"
            + " or not exists (select 1 from instance where instance.id = lane.owner))";

    private static final String RAISE = "insert into lane (name, epoch, owner) values (?, 1, ?) on conflict (name)"
            + " do update set epoch = lane.epoch + 1, owner = excluded.owner";
    private static final String RAISE_IF_FREE = RAISE + " where" + IS_FREE;

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String version = Optional.ofNullable(Owners.class.getPackage().getImplementationVersion())
            .orElse("");
    private final long since = Clock.now();
    private final Locks locks;
    private final @Nullable InstanceRows rows;
    private final Lease lease = new Lease();
    private final Set<String> owned = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();
    private volatile Spread spread = Spread.UNKNOWN;

    public Owners(Database database) {
        this.locks = database.locks();
        this.rows = database.isServer() ? new InstanceRows(id, version, since) : null;
    }

    /** Returns the id of this instance. */
    public String id() {
        return id;
    }

    Optional<InstanceRows> rows() {
        return Optional.ofNullable(rows);
    }

    Lease lease() {
        return lease;
    }

    Set<String> owned() {
        return owned;
    }

    Spread spread() {
        return spread;
    }

    void spread(Spread found) {
        spread = found;
    }

    /** A session has been made that writes: what this instance owns is owned through it. */
    public void connected(Sql sql) {
        if (rows != null) {
            rows.register(sql);
        }
    }

    /** The session that writes ends in order. */
    public void leave(Sql sql) {
        if (rows != null) {
            rows.leave(sql);
            Notifications.haveAllLook(sql);
        }
    }

    /** Returns whether this instance owns a name; not while the database has not confirmed for seconds that it lives. */
    public boolean owns(String name) {
        return owned.contains(name) && isConfirmed();
    }

    private boolean isConfirmed() {
        return rows == null || lease.holds();
    }

    /** Returns whether a message that was claimed in an epoch may be sent still. */
    boolean maySend(String lane, long epoch) {
        return rows == null || (owns(lane) && epoch(lane) == epoch);
    }

    /** Returns whether it makes sense to try to own a name: it seems free, and this instance has less than its share. */
    public boolean mayTake(String name) {
        return rows == null || (isConfirmed() && spread.mayTake(name));
    }

    /** Returns the epoch in which this instance owns a name, as far as it knows. */
    public long epoch(String name) {
        return epochs.getOrDefault(name, -1L);
    }

    /** Forgets what a lost connection may have held. */
    public void lost() {
        owned.clear();
    }

    public Ownership take(Transaction transaction, String name) {
        Sql sql = transaction.sql();
        if (rows == null && !locks.take(sql, name)) {
            return Ownership.ELSEWHERE;
        }
        boolean again = sql.any("select 1 from lane where name = ? and epoch = ? and owner = ?", name, epoch(name), id);
        if (!again && !raise(sql, name)) {
            return Ownership.ELSEWHERE;
        }
        long epoch = sql.number("select epoch from lane where name = ?", name);
        transaction.afterwards(() -> {
            epochs.put(name, epoch);
            owned.add(name);
        });
        return again ? Ownership.KEPT : Ownership.ANEW;
    }

    private boolean raise(Sql sql, String name) {
        return rows == null ? sql.update(RAISE, name, id) > 0 : sql.update(RAISE_IF_FREE, name, id, id) > 0;
    }

    /** Makes this instance the owner of a name, unless another one is; says by the future whether it is. */
    public CompletableFuture<Boolean> own(Writer writer, String name) {
        return owns(name) || !mayTake(name)
                ? CompletableFuture.completedFuture(owns(name))
                : writer.dispatch(transaction -> take(transaction, name) != Ownership.ELSEWHERE);
    }

    /** Gives a name away. */
    boolean giveBack(Transaction transaction, String name) {
        if (rows == null) {
            return false;
        }
        transaction.update("update lane set owner = null where name = ? and owner = ?", name, id);
        Notifications.haveAllLook(transaction.sql());
        transaction.afterwards(() -> owned.remove(name));
        return true;
    }

    /** Returns whether no other instance may touch a lane's queue before this commit is done. */
    public boolean ownsForNow(Transaction transaction, String name) {
        if (owns(name)) {
            return true;
        }
        if (rows == null) {
            return locks.takeForNow(transaction, name);
        }
        transaction.update("insert into lane (name) values (?) on conflict (name) do nothing", name);
        return transaction.sql().any("select 1 from lane where name = ? and" + IS_FREE + " for update", name, id);
    }

    /** Returns whether this instance is still the owner of a name, which has an epoch. */
    public boolean isStill(String name, long epoch) {
        if (epoch != epoch(name)) {
            owned.remove(name);
        }
        return epoch == epoch(name);
    }

    /** As above, without the other checks. */
    public boolean mayClaim(Transaction transaction, String name) {
        return transaction
                .sql()
                .any(
                        "select 1 from lane where name = ? and epoch = ? and (paused is null or until <= ?)",
                        name,
                        epoch(name),
                        Clock.now());
    }

    /** Has those called who wait for a name at its owner, which is another instance. */
    public void tellElsewhere(Transaction transaction, Set<String> names) {
        List<String> elsewhere = names.stream().filter(spread::isElsewhere).toList();
        if (!elsewhere.isEmpty()) {
            Notifications.send(transaction.sql(), elsewhere);
        }
    }

    /** Has those called who wait for a name, at all instances, and has all of these look at the lanes. */
    public void tellAll(Transaction transaction, String name) {
        if (rows != null) {
            Notifications.send(transaction.sql(), List.of(name));
            Notifications.haveAllLook(transaction.sql());
        }
    }

    /** Has everyone called who waits for anything, at the other instances. */
    public void tellEveryone(Transaction transaction) {
        if (rows != null) {
            Notifications.send(transaction.sql(), List.of(Notifications.EVERYONE));
        }
    }

    boolean drain(Transaction transaction, String instance) {
        boolean any = rows != null && InstanceRows.drain(transaction.sql(), instance);
        if (any) {
            Notifications.haveAllLook(transaction.sql());
        }
        return any;
    }

    /** Returns this instance. */
    Instance self() {
        long now = Clock.now();
        return new Instance(id, version, LocalProcess.OURS, "", since, now, 0, false, false);
    }

    /** Returns a number that few other processes have that write to this store; where two have one, a commit may be made twice. */
    public int processNumber(Sql sql) {
        return IntStream.range(0, Clock.PROCESSES)
                .filter(number -> locks.take(sql, "process " + number))
                .findFirst()
                .orElseGet(() -> Math.floorMod(id.hashCode(), Clock.PROCESSES));
    }
}
