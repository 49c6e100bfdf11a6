package dev.switchboard.intake;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsBinding;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.jms.MessageListenerContainerFactory;
import org.springframework.jms.listener.AbstractMessageListenerContainer;

/**
 * Lets each consumer of a queue take as many messages as are there: they go through the route one after the other, are kept
 * in one commit of the store, and then acknowledged. A message by itself would wait for the disk each time.
 */
@Singleton
@Named("queueContainers")
public final class QueueContainers implements MessageListenerContainerFactory {

    private static final int MOST = 100;
    private static final String QUEUE = "queue";

    /** What a client of CORE says whose consumer the broker has closed. */
    private static final Pattern CLOSED = Pattern.compile("AMQ2190(17|30):.*|Session is closed");

    private static final String BY_CORE =
            " (If the broker runs, there may be a message that it cannot hand over by CORE: let it"
                    + " take AMQP, and set switchboard.broker.url to an address without options.)";

    private final Store store;
    private final Intakes intakes;

    /** Makes containers whose messages a store keeps. */
    public QueueContainers(Store store, Intakes intakes) {
        this.store = store;
        this.intakes = intakes;
    }

    @Override
    public AbstractMessageListenerContainer createMessageListenerContainer(JmsEndpoint endpoint) {
        endpoint.setBinding(new WithoutHeaders(endpoint));
        return new Container(endpoint, store, intakes);
    }

    /**
     * Reads no property of a message before the route does: some can be read by no client, and the message would come again and
     * again. None becomes a header, so that none is an option of a step.
     */
    private static final class WithoutHeaders extends JmsBinding {

        private WithoutHeaders(JmsEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        public Map<String, Object> extractHeadersFromJms(Message message, Exchange exchange) {
            return new HashMap<>();
        }
    }

    /** A consumer's thread receives, and then calls the listener; what it received is its own. */
    private static final class Container extends DefaultJmsMessageListenerContainer {

        private final Store store;
        private final Intakes intakes;

        /** How many messages are taken alone yet, since some failed together; not every broker marks those that come again. */
        private final AtomicInteger alone = new AtomicInteger();

        private final ThreadLocal<List<Message>> received = ThreadLocal.withInitial(ArrayList::new);

        private Container(JmsEndpoint endpoint, Store store, Intakes intakes) {
            super(endpoint);
            this.store = store;
            this.intakes = intakes;
        }

        /**
         * No transaction: of a process that is killed, a broker gives back what had only been handed over before what a transaction
         * had acknowledged, and so in another order.
         */
        @Override
        protected boolean isSessionLocallyTransacted(Session session) {
            return true;
        }

        /** The broker is away, or refuses the login. What follows from that says less. */
        @Override
        protected void handleListenerSetupFailure(Throwable failure, boolean alreadyRecovered) {
            if (failure instanceof JMSException) {
                intakes.fails(QUEUE, "The broker does not answer: " + reason(failure));
            }
            super.handleListenerSetupFailure(failure, alreadyRecovered);
        }

        @Override
        protected void invokeExceptionListener(JMSException failure) {
            intakes.fails(QUEUE, "The broker does not answer: " + reason(failure));
            super.invokeExceptionListener(failure);
        }

        /** An address may hold a password among its options. */
        private static String reason(Throwable failure) {
            String text = String.valueOf(failure.getMessage()).replaceAll("\\?\\S*", "");
            return CLOSED.matcher(text).matches() ? text + BY_CORE : text;
        }

        @Override
        protected void handleListenerException(Throwable failure) {
            intakes.fails(QUEUE, "Messages are offered again: " + reason(failure));
            super.handleListenerException(failure);
        }

        @Override
        protected Message receiveMessage(MessageConsumer consumer) throws JMSException {
            List<Message> messages = received.get();
            messages.clear();
            alone.updateAndGet(rest -> Math.max(0, rest - 1));
            Message first = receive(consumer);
            if (first == null || !first.getJMSRedelivered()) {
                intakes.works(QUEUE);
            }
            for (Message next = first; next != null; next = goesOn(messages) ? consumer.receiveNoWait() : null) {
                messages.add(next);
            }
            return first;
        }

        private Message receive(MessageConsumer consumer) throws JMSException {
            try {
                return super.receiveMessage(consumer);
            } catch (RuntimeException e) {
                intakes.fails(QUEUE, "The first message in the queue cannot be read: " + reason(e));
                throw e;
            }
        }

        /**
         * What comes again is taken alone: where one cannot be taken, the others must not suffer for it each time. So is what the
         * broker streams, as the next message would end the stream.
         */
        private boolean goesOn(List<Message> messages) throws JMSException {
            Message last = messages.get(messages.size() - 1);
            boolean streamed = last instanceof ActiveMQMessage core
                    && core.getCoreMessage().isLargeMessage();
            return messages.size() < MOST && !streamed && !last.getJMSRedelivered() && alone.get() == 0;
        }

        /** Is called with the first one, which is acknowledged afterwards, and with it all. */
        @Override
        protected void invokeListener(Session session, Message first) throws JMSException {
            List<Message> messages = received.get();
            CommitGroup group = CommitGroup.begin(store);
            int kept = 0;
            int unread = 0;
            try {
                for (Message message : messages) {
                    unread += routeOrSetAside(session, message, group);
                }
            } finally {
                kept = keep(session, first, group, messages.size());
            }
            if (kept + unread < messages.size()) {
                throw new IllegalStateException("the route of a queue begins with the step queueRequest");
            }
        }

        /** A message that fails alone cannot be moved as it came, unless it is the store that refuses, or the bus stops. */
        private int keep(Session session, Message first, CommitGroup group, int messages) throws JMSException {
            try {
                return group.keep();
            } catch (IllegalStateException e) {
                Throwable cause = e.getCause();
                if (cause == null || isOfTheBus(cause) || messages > 1) {
                    alone.set(messages);
                    throw e;
                }
                setAside(session, first, "The message cannot be moved as it came: " + cause.getMessage());
                return messages;
            }
        }

        private static boolean isOfTheBus(Throwable cause) {
            return (cause instanceof Refused refused && refused.status() == 503)
                    || cause instanceof RejectedExecutionException
                    || cause instanceof TimeoutException
                    || cause instanceof InterruptedException;
        }

        /** Returns 1 for a message that Camel cannot read, and that never comes to the route. It would come again and again. */
        private int routeOrSetAside(Session session, Message message, CommitGroup group) throws JMSException {
            int before = group.enlisted();
            try {
                super.invokeListener(session, message);
                return 0;
            } catch (RuntimeException | JMSException e) {
                if (group.enlisted() > before || e.getCause() instanceof RejectedExecutionException) {
                    throw e;
                }
                setAside(session, message, "The message cannot be read: " + e.getMessage());
                return 1;
            }
        }

        private static void setAside(Session session, Message message, String reason) throws JMSException {
            try (MessageProducer invalid = session.createProducer(session.createQueue(Broker.INVALID))) {
                try {
                    QueueReason.explain(message, reason);
                    invalid.send(message);
                } catch (RuntimeException | JMSException e) {
                    Message rest = withoutProperties(session, message);
                    rest.setStringProperty(QueueReason.REASON, reason);
                    rest.setStringProperty(QueueReason.INVALID_ID, MessageId.next());
                    invalid.send(rest);
                }
            }
        }

        private static Message withoutProperties(Session session, Message message) throws JMSException {
            if (message instanceof BytesMessage) {
                BytesMessage bytes = session.createBytesMessage();
                bytes.writeBytes(message.getBody(byte[].class));
                return bytes;
            }
            return session.createTextMessage(
                    message instanceof TextMessage text ? text.getText() : String.valueOf(message));
        }
    }
}
