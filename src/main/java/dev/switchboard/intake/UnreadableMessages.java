package dev.switchboard.intake;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIllegalStateException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.utils.CompositeAddress;
import org.jspecify.annotations.Nullable;

/**
 * Handles, inside the embedded broker, what a client sends to the queue and a JMS client cannot read: on delivery the broker would
 * drop it without a word, and the consumer too, or the client would throw each time.
 */
final class UnreadableMessages implements ActiveMQServerMessagePlugin, ActiveMQServerQueuePlugin {

    /** The property that says why the route refuses a message. */
    static final String UNREADABLE = "switchboard_unreadable";

    /** What is larger would not fit into the memory of every bus; the route refuses less already. */
    static final int LONGEST = 17 << 20;

    private static final String LATE = "The message was not taken from the queue within its time to live.";
    private static final String DAMAGED = "The body of the message cannot be read as what its type says.";

    private static final long EXPIRED = 1;

    private @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer broker) {
        server = broker;
    }

    @Override
    public void beforeSend(ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreate)
            throws ActiveMQException {
        if (!isForUs(message)) {
            return;
        }
        if (message.getWholeMessageSize() > LONGEST) {
            throw new ActiveMQIllegalStateException("A message of " + message.getWholeMessageSize()
                    + " bytes is too large. Send at most 256 KB of JSON.");
        }
        if (message instanceof ICoreMessage core) {
            makeReadable(core);
        }
        if (!(message instanceof AMQPMessage amqp)) {
            return;
        }
        ICoreMessage copy = JmsForm.of(amqp);
        if (copy != null) {
            put(copy, session, tx);
            message.setExpiration(EXPIRED); // the broker drops it where it would be delivered
        }
    }

    /** The broker would drop without a word what is for a topic of this name, or for another queue at this address. */
    @Override
    public void afterSend(
            ServerSession session,
            Transaction tx,
            Message message,
            boolean direct,
            boolean noAutoCreate,
            RoutingStatus result)
            throws ActiveMQException {
        if (isForUs(message) && result == RoutingStatus.NO_BINDINGS) {
            throw new ActiveMQIllegalStateException(
                    "No queue takes this message. Send it to " + Broker.MESSAGES + " as to a queue, not a topic.");
        }
    }

    /** Another queue at this address, as by {@code switchboard.messages::other}, would get every second message. */
    @Override
    public void beforeCreateQueue(QueueConfiguration queue) throws ActiveMQException {
        if (Broker.MESSAGES.equals(String.valueOf(queue.getAddress()))
                && !Broker.MESSAGES.equals(String.valueOf(queue.getName()))) {
            throw new ActiveMQIllegalStateException(Broker.MESSAGES + " can have no other queue.");
        }
    }

    private static void makeReadable(ICoreMessage message) {
        ReservedProperties.clean(message);
        if (!CoreBody.isReadable(message)) {
            message.setType(Message.BYTES_TYPE);
            message.removeProperty(Message.HDR_LARGE_COMPRESSED);
            message.putStringProperty(UNREADABLE, DAMAGED);
        }
    }

    /** The address may name the queue too, as {@code address::queue}. */
    private static boolean isForUs(Message message) {
        return Broker.MESSAGES.equals(CompositeAddress.extractAddressName(message.getAddress()));
    }

    /** A message that was not taken within its time to live is refused as others are: it would be gone without a word. */
    @Override
    public void messageExpired(MessageReference reference, SimpleString expiryAddress, ServerConsumer consumer)
            throws ActiveMQException {
        Message message = reference.getMessage();
        if (isForUs(message) && message.getExpiration() != EXPIRED) {
            long id = broker().getStorageManager().generateID();
            Message copy = message instanceof AMQPMessage amqp ? amqp.toCore() : message.copy(id);
            copy.setMessageID(id);
            copy.setExpiration(0);
            copy.putStringProperty(UNREADABLE, LATE);
            route(copy, null);
        }
    }

    private ActiveMQServer broker() {
        if (server == null) {
            throw new IllegalStateException("the plugin is not registered");
        }
        return server;
    }

    private void put(ICoreMessage copy, ServerSession session, @Nullable Transaction tx) throws ActiveMQException {
        copy.setMessageID(broker().getStorageManager().generateID());
        if (broker().getConfiguration().isPopulateValidatedUser()) {
            copy.setValidatedUserID(session.getValidatedUser());
        }
        route(copy, tx);
    }

    private void route(Message copy, @Nullable Transaction tx) throws ActiveMQException {
        copy.setAddress(Broker.MESSAGES);
        try {
            broker().getPostOffice().route(copy, tx, false);
        } catch (ActiveMQException e) {
            throw e;
        } catch (Exception e) {
            throw new ActiveMQIllegalStateException("This message could not be put into the queue: " + e.getMessage());
        }
    }
}
