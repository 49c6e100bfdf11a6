package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds back, in the queue of a lane, what batches have there that are paused. The lane's owner does some of it with each claim:
 * so it takes no longer for a million messages, and a kill in the middle changes nothing.
 */
final class PausedBatches {

    private static final int AT_ONCE = 1_000;

    private final Map<String, Set<String>> held = new ConcurrentHashMap<>();

    /** Called with each claim. */
    void tend(Transaction transaction, String lane, List<Share> shares, boolean anyPaused) {
        Set<String> paused =
                anyPaused ? Set.copyOf(transaction.list("select id from batch where paused = 1", Row::text)) : Set.of();
        letGoOn(transaction, lane, paused);
        if (!paused.isEmpty()) {
            shares.forEach(share -> Queue.hold(transaction, lane, share.api(), AT_ONCE));
        }
    }

    /** Forgets what it knows of a lane that was another's. */
    void forget(String lane) {
        held.remove(lane);
    }

    private void letGoOn(Transaction transaction, String lane, Set<String> paused) {
        Set<String> known = held.computeIfAbsent(lane, any -> Queue.batchesHeld(transaction, lane));
        var still = new HashSet<String>(paused);
        for (String batch : known) {
            if (!paused.contains(batch) && Queue.letGoOn(transaction, lane, batch, AT_ONCE) == AT_ONCE) {
                still.add(batch);
                transaction.wake(lane);
            }
        }
        transaction.afterwards(() -> held.put(lane, still));
    }
}
