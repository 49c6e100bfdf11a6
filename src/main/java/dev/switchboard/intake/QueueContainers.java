package dev.switchboard.intake;

import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
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

    private final Store store;
    private final Intakes intakes;

    /** Makes containers whose messages a store keeps. */
    public QueueContainers(Store store, Intakes intakes) {
        this.store = store;
        this.intakes = intakes;
    }

    @Override
    public AbstractMessageListenerContainer createMessageListenerContainer(JmsEndpoint endpoint) {
        return new Container(endpoint, store, intakes);
    }

    /** A consumer's thread receives, and then calls the listener; what it received is its own. */
    private static final class Container extends DefaultJmsMessageListenerContainer {

        private final Store store;
        private final Intakes intakes;
        private final ThreadLocal<List<Message>> received = ThreadLocal.withInitial(ArrayList::new);

        private Container(JmsEndpoint endpoint, Store store, Intakes intakes) {
            super(endpoint);
            this.store = store;
            this.intakes = intakes;
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
            return String.valueOf(failure.getMessage()).replaceAll("\\?\\S*", "");
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
            Message first = super.receiveMessage(consumer);
            if (first == null || !first.getJMSRedelivered()) {
                intakes.works(QUEUE);
            }
            for (Message next = first; next != null; next = goesOn(messages) ? consumer.receiveNoWait() : null) {
                messages.add(next);
            }
            return first;
        }

        /**
         * What comes again is taken alone: where one cannot be taken, the others must not suffer for it each time. So is what the
         * broker streams, as the next message would end the stream.
         */
        private static boolean goesOn(List<Message> messages) throws JMSException {
            Message last = messages.get(messages.size() - 1);
            boolean streamed = last instanceof ActiveMQMessage core
                    && core.getCoreMessage().isLargeMessage();
            return messages.size() < MOST && !streamed && !last.getJMSRedelivered();
        }

        /** Is called with the first one, which is acknowledged afterwards, and with it all. */
        @Override
        protected void invokeListener(Session session, Message first) throws JMSException {
            List<Message> messages = received.get();
            CommitGroup group = CommitGroup.begin(store);
            int kept = 0;
            try {
                for (Message message : messages) {
                    super.invokeListener(session, message);
                }
            } finally {
                kept = group.keep();
            }
            if (kept < messages.size()) {
                throw new IllegalStateException("the route of a queue begins with the step queueRequest");
            }
        }
    }
}
