package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages in the commit that brings them in, for lanes that have caught up with their queues: so most messages need one
 * commit before they are sent, and not two.
 */
final class Arrivals {

    private final Owners owners;
    private final Map<String, Taker> takers = new ConcurrentHashMap<>();

    Arrivals(Owners owners) {
        this.owners = owners;
    }

    /** Lets a lane take messages as they come. */
    void attach(String lane, Taker taker) {
        takers.put(lane, taker);
    }

    void detach(String lane) {
        takers.remove(lane);
    }

    /** Says whether this process owns a lane; only its owner gives messages a place in its queue. */
    boolean owns(String lane) {
        return owners.owns(lane);
    }

    /** Claims a message that is first of its conversation, or null; the claim counts when the message is written. */
    @Nullable
    Arrival claim(Transaction transaction, Incoming incoming, long seq) {
        Message message = incoming.message();
        String lane = incoming.lane();
        Taker taker = takers.get(lane);
        boolean waits = message.notBefore() != null || message.conversationOf() != null;
        if (taker == null || waits || incoming.source().batch() != null || incoming.expiresAt() <= Clock.now()) {
            return null;
        }
        if (!owners.owns(lane) || !transaction.mayClaim(lane, owners)) {
            return null;
        }
        Taker.Place place = taker.take(incoming.api());
        if (place == null) {
            return null;
        }
        transaction.undone(place::giveBack);
        return new Arrival(claimed(incoming, seq, owners.epoch(lane)), place);
    }

    private static Claimed claimed(Incoming incoming, long seq, long epoch) {
        Incoming.Source source = incoming.source();
        return new Claimed(
                seq,
                new Message((ObjectNode)
                        View.json(incoming.body())), // as it is read for a later attempt, and nobody else's
                incoming.api(),
                1,
                0,
                false,
                source.trace(),
                epoch,
                new Claimed.Rest(null, source.replyTo(), source.correlation(), null));
    }

    /** Tells lanes whose last claim left nothing that is due, once that claim is on disk. */
    void caughtUp(Transaction transaction) {
        transaction.caughtUp().forEach(lane -> {
            Taker taker = takers.get(lane);
            if (taker != null) {
                taker.caughtUp();
            }
        });
    }

    /** Notes whether a claim has left nothing that is due. */
    void look(Transaction transaction, String lane, List<Share> shares, List<Claimed> claimed) {
        Taker taker = takers.get(lane);
        boolean all = taker != null
                && shares.size() == taker.apis().size()
                && shares.stream()
                        .allMatch(share -> share.probe() == null && count(claimed, share.api()) < share.most());
        if (all) {
            transaction.catchUp(lane);
        }
    }

    private static long count(List<Claimed> claimed, String api) {
        return claimed.stream().filter(each -> each.api().equals(api)).count();
    }
}
