package dev.switchboard.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * What batches that are paused or cancelled have in a lane's queue. It is put aside, or discarded, when the lane's owner comes
 * to it, some of it with each claim: so neither takes longer for a million messages, and a kill in the middle changes nothing.
 */
final class Held {

    private static final int AT_ONCE = 1_000;

    private final Map<String, Set<String>> aside = new ConcurrentHashMap<>();

    /** Called with each claim. */
    void tend(Transaction transaction, String lane, List<Share> shares, Chores chores) {
        Set<String> paused = chores.held() ? Batches.paused(transaction) : Set.of();
        release(transaction, lane, paused);
        if (!paused.isEmpty()) {
            shares.forEach(
                    share -> place(transaction, Queue.ofPaused(transaction, lane, share.api(), AT_ONCE), Queue.ASIDE));
        }
        if (chores.discards()) {
            discard(transaction, lane);
        }
    }

    /** Discards some of what cancelled batches have left, or what is to be erased; to be called also where nothing is claimed. */
    static void discard(Transaction transaction, String lane) {
        for (String batch : Batches.cancelled(transaction)) {
            if (Finish.discard(transaction, lane, batch, AT_ONCE) == AT_ONCE) {
                transaction.wake(lane);
            }
        }
        if (Erasure.discardMarked(transaction, lane, AT_ONCE) == AT_ONCE) {
            transaction.wake(lane);
        }
    }

    /** Forgets what it knows of a lane that was another's. */
    void forget(String lane) {
        aside.remove(lane);
    }

    private static void place(Transaction transaction, List<Long> messages, int place) {
        transaction
                .sql()
                .batch(
                        "update message set place = ? where seq = ?",
                        messages.stream().map(seq -> new Object[] {place, seq}).toList());
    }

    private void release(Transaction transaction, String lane, Set<String> paused) {
        Handle handle = transaction.handle();
        Set<String> known = aside.computeIfAbsent(lane, any -> Queue.batchesAside(handle, lane));
        var still = new HashSet<String>(paused);
        for (String batch : known) {
            if (!paused.contains(batch)) {
                List<Long> found = Queue.aside(handle, lane, batch, AT_ONCE);
                place(transaction, found, Queue.HEAD);
                if (found.size() == AT_ONCE) {
                    still.add(batch);
                    transaction.wake(lane);
                }
            }
        }
        transaction.afterwards(() -> aside.put(lane, still));
    }
}
