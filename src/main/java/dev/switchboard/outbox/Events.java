package dev.switchboard.outbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.MessageId;

/** What an operator wants to hear of, written with what caused it. */
public final class Events {

    private Events() {}

    /**
     * Publishes an event, once for each way out: one that fails holds up no other. Its name and whose it is are properties of
     * its exchange too, so that a route can tell events apart, and an id by which a receiver knows one that comes twice.
     */
    public static void publish(Transaction transaction, String subject, ObjectNode event) {
        ObjectNode headers = event.deepCopy().retain("event", "vendor", "account", "api");
        headers.put("eventId", MessageId.next());
        Outbox.add(transaction, "outbox:events", subject, event.toString(), headers);
        Outbox.add(transaction, "outbox:webhook", subject, event.toString(), headers);
    }
}
