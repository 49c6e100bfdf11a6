package dev.switchboard.database;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What this process is the one owner of: lanes, and topics of the outbox. Each owner raises the epoch, by which it is known
 * that an attempt is of an owner that is not one any more.
 */
public final class Owners {

    private final Locks locks;
    private final Set<String> owned = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();

    public Owners(Locks locks) {
        this.locks = locks;
    }

    public boolean owns(String name) {
        return owned.contains(name);
    }

    /** Returns the epoch in which this process owns a name, as far as it knows. */
    public long epoch(String name) {
        return epochs.getOrDefault(name, -1L);
    }

    /** Forgets what a lost connection may have held. */
    public void lost() {
        owned.clear();
    }

    public Ownership take(Transaction transaction, String name) {
        Sql sql = transaction.sql();
        if (!locks.take(sql, name)) {
            return Ownership.ELSEWHERE;
        }
        long last = current(sql, name);
        boolean again = last == epoch(name);
        long epoch = again ? last : raise(sql, name);
        transaction.afterwards(() -> {
            epochs.put(name, epoch);
            owned.add(name);
        });
        return again ? Ownership.KEPT : Ownership.ANEW;
    }

    /** Makes this process the owner of a name, unless another one is; says by the future whether it is. */
    public CompletableFuture<Boolean> own(Writer writer, String name) {
        return owns(name)
                ? CompletableFuture.completedFuture(true)
                : writer.dispatch(transaction -> take(transaction, name) != Ownership.ELSEWHERE);
    }

    /** Returns whether no other process may touch a lane's queue before this commit is done. */
    public boolean ownsForNow(Transaction transaction, String name) {
        return owns(name) || locks.takeForNow(transaction, name);
    }

    /** Returns whether this process is still the owner of a name, which has an epoch. */
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

    /** Returns a number that no other process has that writes to this store. */
    public int processNumber(Sql sql) {
        return IntStream.range(0, Clock.PROCESSES)
                .filter(number -> locks.take(sql, "process " + number))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(Clock.PROCESSES + " processes share this store, and more cannot"));
    }

    private static long current(Sql sql, String name) {
        return sql.number("select epoch from lane where name = ?", name);
    }

    private static long raise(Sql sql, String name) {
        sql.update(
                "insert into lane (name, epoch) values (?, 1) on conflict (name) do update set epoch = lane.epoch + 1",
                name);
        return current(sql, name);
    }
}
