package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Message;
import dev.switchboard.ownership.Owners;
import dev.switchboard.queue.ArrivalClaimer;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.RunningLanes;
import dev.switchboard.queue.Share;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages in the commit that brings them in, for lanes that have caught up with their queues: so most messages need one
 * commit before they are sent, and not two.
 */
final class Arrivals {

    private final Owners owners;
    private final RunningLanes claimers;

    Arrivals(Owners owners, RunningLanes claimers) {
        this.owners = owners;
        this.claimers = claimers;
    }

    /** What a commit has found out of the lanes so far. */
    private static final class Lookout {
        private final Map<String, Boolean> claimable = new HashMap<>();
        private final Set<String> caughtUp = new LinkedHashSet<>();
    }

    private static Lookout lookout(Transaction transaction) {
        return transaction.part(Lookout.class, Lookout::new);
    }

    /** Returns whether this process owns a lane; only its owner gives messages a place in its queue. */
    boolean owns(String lane) {
        return owners.owns(lane);
    }

    /** Claims a message that is first of its conversation, or null; its lane attempts it once it is on disk. */
    @Nullable
    Claimed claim(Transaction transaction, Incoming incoming, long seq) {
        Message message = incoming.message();
        String lane = incoming.lane();
        ArrivalClaimer claimer = claimers.get(lane);
        boolean waits = message.notBefore() != null || message.conversationOf() != null;
        if (claimer == null
                || waits
                || incoming.source().batch() != null
                || incoming.expiresAt() <= Clock.now()
                || !mayClaim(transaction, lane)) {
            return null;
        }
        ArrivalClaimer.Place place = claimer.take(incoming.api());
        if (place == null) {
            return null;
        }
        Claimed claimed = claimed(incoming, seq, owners.epoch(lane));
        transaction.undone(place::giveBack);
        transaction.afterwards(() -> place.attempt(claimed));
        return claimed;
    }

    /** Returns whether this process owns a lane, and no one has paused it; it is looked up once a commit. */
    private boolean mayClaim(Transaction transaction, String lane) {
        return owners.owns(lane)
                && lookout(transaction).claimable.computeIfAbsent(lane, any -> owners.mayClaim(transaction, lane));
    }

    private static Claimed claimed(Incoming incoming, long seq, long epoch) {
        Incoming.Source source = incoming.source();
        // the message as it is read for a later attempt, and no one else's
        var message = Message.kept(incoming.body());
        var rest = new Claimed.Rest(null, source.replyTo(), source.correlation(), null);
        return new Claimed(seq, message, incoming.api(), 1, 0, false, source.trace(), epoch, rest);
    }

    /** Notes whether a claim has left nothing that is due; a lane that is woken meanwhile has not caught up. */
    void look(Transaction transaction, String lane, List<Share> shares, List<Claimed> claimed) {
        ArrivalClaimer claimer = claimers.get(lane);
        boolean all = claimer != null
                && shares.size() == claimer.apis().size()
                && shares.stream()
                        .allMatch(share -> share.probe() == null && count(claimed, share.api()) < share.most());
        Set<String> caughtUp = lookout(transaction).caughtUp;
        if (all) {
            caughtUp.add(lane);
        } else {
            caughtUp.remove(lane);
        }
    }

    private static long count(List<Claimed> claimed, String api) {
        return claimed.stream().filter(each -> each.api().equals(api)).count();
    }

    /** Tells lanes whose last claim left nothing that is due, once that claim is on disk. */
    void caughtUp(Transaction transaction) {
        transaction
                .part(Lookout.class)
                .ifPresent(lookout -> lookout.caughtUp.forEach(lane -> {
                    ArrivalClaimer claimer = claimers.get(lane);
                    if (claimer != null && !transaction.awake().contains(lane)) {
                        claimer.caughtUp();
                    }
                }));
    }
}
