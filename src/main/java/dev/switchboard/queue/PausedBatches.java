package dev.switchboard.queue;

import dev.switchboard.database.Clock;
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
public final class PausedBatches {

    private static final int AT_ONCE = 1_000;
    private static final String OF_PAUSED =
            "select seq from work" + Queue.DUE + " and batch " + Queue.PAUSED + Queue.FIRST;

    private final Map<String, Set<String>> held = new ConcurrentHashMap<>();

    /** Called with each claim. */
    public void tend(Transaction transaction, String lane, List<Share> shares, boolean anyPaused) {
        Set<String> paused =
                anyPaused ? Set.copyOf(transaction.list("select id from batch where paused = 1", Row::text)) : Set.of();
        letGoOn(transaction, lane, paused);
        if (!paused.isEmpty()) {
            shares.forEach(share -> hold(transaction, lane, share.api()));
        }
    }

    /** Forgets what it knows of a lane that was another's. */
    public void forget(String lane) {
        held.remove(lane);
    }

    private void letGoOn(Transaction transaction, String lane, Set<String> paused) {
        Set<String> known = held.computeIfAbsent(lane, any -> batchesHeld(transaction, lane));
        var still = new HashSet<String>(paused);
        for (String batch : known) {
            if (!paused.contains(batch) && letGoOn(transaction, lane, batch) == AT_ONCE) {
                still.add(batch);
                transaction.wake(lane);
            }
        }
        transaction.afterwards(() -> held.put(lane, still));
    }

    /** Holds back due heads of batches that are paused. */
    private static void hold(Transaction transaction, String lane, String api) {
        setStage(
                transaction,
                lane,
                Stage.HELD,
                transaction.list(OF_PAUSED, Row::number, lane, api, Queue.OF_A_BATCH, Clock.steady(), AT_ONCE));
    }

    /** Returns which batches have messages that are held back. */
    private static Set<String> batchesHeld(Transaction transaction, String lane) {
        return Set.copyOf(transaction.list(
                "select distinct batch from work where lane = ? and " + Stage.HELD.is() + Queue.UNPLACED,
                Row::text,
                lane));
    }

    /** Lets some messages of a batch go on that are held back; returns how many. */
    private static int letGoOn(Transaction transaction, String lane, String batch) {
        List<Long> held = transaction.list(
                "select seq from work where lane = ? and " + Stage.HELD.is() + Queue.UNPLACED
                        + " and batch = ? limit ?",
                Row::number,
                lane,
                batch,
                AT_ONCE);
        setStage(transaction, lane, Stage.READY, held);
        return held.size();
    }

    private static void setStage(Transaction transaction, String lane, Stage stage, List<Long> messages) {
        transaction
                .sql()
                .updateIn("update work set " + stage.set() + " where lane = ? and seq in (?*)", messages, lane);
    }
}
