package dev.switchboard.store;

import dev.switchboard.message.Message;
import java.util.List;

/**
 * Writes a message that comes in alone. One statement does it where the message is new and nobody asks for more: it looks for
 * the id, and for others of the conversation, by itself.
 */
final class Alone {

    private static final String ONCE = " on conflict (id) do nothing";
    private static final String PLACED = Intake.insert("?") + ONCE;

    /** It stands behind others of its conversation, where there are any, be they without a place yet. */
    private static final String IN_ORDER =
            Intake.insert("case when exists (select 1 from message where lane = ? and api = ? and conversation = ?"
                            + " and place in (0, 1, 4, 5)) then 2 else 1 end")
                    + ONCE;

    private Alone() {}

    static Accepted accept(Transaction transaction, Incoming incoming, Owners owners) {
        Message message = incoming.message();
        long now = Clock.now();
        long seq = transaction.nextSeq();
        if (insert(transaction, incoming, owners, seq, now) == 0) {
            String earlier = Intake.hashes(transaction, List.of(incoming)).get(message.id());
            return new Accepted(message.id(), Intake.kind(incoming.hash(), earlier), now);
        }
        Intake.label(transaction, message, seq);
        transaction.wake(message.lane());
        return new Accepted(message.id(), Accepted.Kind.NEW, now);
    }

    private static int insert(Transaction transaction, Incoming incoming, Owners owners, long seq, long now) {
        Message message = incoming.message();
        String conversation = message.conversationId();
        if (conversation != null && message.notBefore() == null && owners.owns(message.lane())) {
            List<Object> behind = List.of(message.lane(), incoming.api(), conversation);
            return transaction.sql().update(IN_ORDER, Intake.row(incoming, seq, now, behind));
        }
        List<Object> place = List.of(Intake.placeAlone(message));
        return transaction.sql().update(PLACED, Intake.row(incoming, seq, now, place));
    }
}
