package dev.switchboard.store;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * What this process is the one owner of: lanes, and topics of the outbox. Each owner raises the epoch, by which it is known
 * that an attempt is of an owner that is none any more.
 */
final class Owners {

    private final Locks locks;
    private final Set<String> owned = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();

    Owners(Locks locks) {
        this.locks = locks;
    }

    boolean owns(String name) {
        return owned.contains(name);
    }

    /** Returns the epoch in which this process owns a name, as far as it knows. */
    long epoch(String name) {
        return epochs.getOrDefault(name, -1L);
    }

    /** Forgets what a lost connection may have held. */
    void lost() {
        owned.clear();
    }

    Ownership take(Transaction transaction, String name) {
        Handle handle = transaction.handle();
        if (!locks.take(handle, name)) {
            return Ownership.ELSEWHERE;
        }
        long last = current(handle, name);
        boolean again = last == epoch(name);
        long epoch = again ? last : raise(handle, name);
        transaction.afterwards(() -> {
            epochs.put(name, epoch);
            owned.add(name);
        });
        return again ? Ownership.KEPT : Ownership.ANEW;
    }

    /** Says whether no other process may touch a lane's queue before this commit is done. */
    boolean ownsForNow(Transaction transaction, String name) {
        return owns(name) || locks.takeForNow(transaction, name);
    }

    /** Says whether this process is still the owner of a lane, and nobody has paused it. */
    boolean mayClaim(String name, Chores chores) {
        if (chores.epoch() != epoch(name)) {
            owned.remove(name);
        }
        return chores.epoch() == epoch(name) && !chores.paused();
    }

    /** Says the same where nothing but that is to be known of the lane. */
    boolean mayClaim(Transaction transaction, String name) {
        return transaction
                .sql()
                .any(
                        "select 1 from lane where name = ? and epoch = ? and (paused is null or until <= ?)",
                        name,
                        epoch(name),
                        Clock.now());
    }

    /** Returns a number that no other process has that writes to this store. */
    int processNumber(Handle handle) {
        return IntStream.range(0, Clock.PROCESSES)
                .filter(number -> locks.take(handle, "process " + number))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        Clock.PROCESSES + " processes have this store, and it takes no more"));
    }

    private static long current(Handle handle, String name) {
        return handle.createQuery("select epoch from lane where name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    private static long raise(Handle handle, String name) {
        handle.createUpdate("insert into lane (name, epoch) values (:name, 1)"
                        + " on conflict (name) do update set epoch = lane.epoch + 1")
                .bind("name", name)
                .execute();
        return current(handle, name);
    }
}
