package dev.switchboard.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What batches that are paused or cancelled have in a lane's queue. It is put aside, or discarded, when the lane's owner comes
 * to it, some of it with each claim: so neither takes longer for a million messages, and a kill in the middle changes nothing.
 */
final class Held {

    private static final int AT_ONCE = 1_000;

    private final Map<String, Set<String>> aside = new ConcurrentHashMap<>();

    /** Called with each claim. */
    void tend(Transaction transaction, String lane, List<Share> shares) {
        Handle handle = transaction.handle();
        Set<String> paused = Batches.paused(handle);
        release(transaction, lane, paused);
        if (!paused.isEmpty()) {
            shares.forEach(share -> place(handle, Queue.ofPaused(handle, lane, share.api(), AT_ONCE), Queue.ASIDE));
        }
        Batches.cancelled(handle).forEach(batch -> discard(transaction, lane, batch));
    }

    private static void place(Handle handle, List<Long> messages, int place) {
        if (messages.isEmpty()) {
            return;
        }
        PreparedBatch updates = handle.prepareBatch("update message set place = :place where seq = :seq");
        messages.forEach(seq -> updates.bind("place", place).bind("seq", seq).add());
        updates.execute();
    }

    private void release(Transaction transaction, String lane, Set<String> paused) {
        Handle handle = transaction.handle();
        Set<String> known = aside.computeIfAbsent(lane, any -> Queue.batchesAside(handle, lane));
        var still = new HashSet<String>(paused);
        for (String batch : known) {
            if (!paused.contains(batch)) {
                List<Long> found = Queue.aside(handle, lane, batch, AT_ONCE);
                place(handle, found, Queue.HEAD);
                if (found.size() == AT_ONCE) {
                    still.add(batch);
                    transaction.wake(lane);
                }
            }
        }
        transaction.afterwards(() -> aside.put(lane, still));
    }

    private static void discard(Transaction transaction, String lane, String batch) {
        if (Finish.discard(transaction, lane, batch, AT_ONCE) == AT_ONCE) {
            transaction.wake(lane);
        }
    }
}
