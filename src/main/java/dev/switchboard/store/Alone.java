package dev.switchboard.store;

import dev.switchboard.message.Message;
import java.util.List;

/** Writes a message that comes in alone. The statement that does it looks for the id by itself. */
final class Alone {

    private static final String ONCE = Intake.INSERT + " on conflict (id) do nothing";

    private Alone() {}

    static Accepted accept(Transaction transaction, Incoming incoming, Arrivals arrivals) {
        Message message = incoming.message();
        long now = Clock.now();
        long seq = transaction.nextSeq();
        int place = place(transaction, incoming, arrivals);
        Arrival arrival = place == Queue.HEAD ? arrivals.claim(transaction, incoming, seq) : null;
        if (transaction.sql().update(ONCE, Intake.row(incoming, seq, now, place, arrival)) == 0) {
            if (arrival != null) {
                arrival.drop(transaction);
            }
            String earlier = Intake.hashes(transaction, List.of(incoming)).get(message.id());
            return new Accepted(message.id(), Intake.kind(incoming.hash(), earlier), now);
        }
        Intake.label(transaction, message, seq);
        Intake.handOver(transaction, incoming.lane(), arrival);
        return new Accepted(message.id(), Accepted.Kind.NEW, now);
    }

    /** It stands behind others of its conversation, where there are any, be they without a place yet. */
    private static int place(Transaction transaction, Incoming incoming, Arrivals arrivals) {
        Message message = incoming.message();
        String conversation = incoming.conversation();
        if (conversation == null || message.notBefore() != null || !arrivals.owns(incoming.lane())) {
            return Intake.placeAlone(message);
        }
        boolean behind = transaction
                .sql()
                .any(
                        "select 1 from message where lane = ? and api = ? and conversation = ? and place in (0, 1, 4, 5) limit 1",
                        incoming.lane(),
                        incoming.api(),
                        conversation);
        return behind ? Queue.BEHIND : Queue.HEAD;
    }
}
