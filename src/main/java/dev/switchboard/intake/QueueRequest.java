package dev.switchboard.intake;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Timestamp;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;
import org.jspecify.annotations.Nullable;

/** Reads a JMS message: its text, who wants a reply, its id, and when it expires. Nothing else of it goes on. */
@Singleton
@Named("queueRequest")
public final class QueueRequest implements Processor {

    /** Exchange property: when the message expires, as RFC 3339. */
    static final String EXPIRES_AT = "expiresAt";

    /** Exchange property: an id made of the JMS message's; empty where it has none. */
    static final String JMS_ID = "jmsId";

    /** Where Artemis shows the message-id of an AMQP message; the JMSMessageID of one is another each time it is read. */
    private static final String AMQP_ID = "NATIVE_MESSAGE_ID";

    private static final String BINARY_ID = "ID:AMQP_BINARY:";
    private static final String TOPIC = "topic://";
    private static final String QUEUE = "queue://";

    @Override
    public void process(Exchange exchange) throws JMSException {
        CommitGroup group = CommitGroup.current();
        if (group != null) {
            group.enlist(exchange);
        }
        var in = exchange.getMessage();
        Message jms = in instanceof JmsMessage received ? received.getJmsMessage() : null;
        String id = jms == null ? in.getHeader("JMSMessageID", String.class) : messageId(jms);
        exchange.setProperty(JMS_ID, id == null || id.isEmpty() ? "" : idOf(id, jms));
        String correlation = jms == null ? in.getHeader("JMSCorrelationID", String.class) : correlation(jms);
        exchange.setProperty(AcceptComponent.CORRELATION, correlation == null ? id : correlation);
        exchange.setProperty(AcceptComponent.TRACE, in.getHeader("traceparent", String.class));
        long expiration = in.getHeader("JMSExpiration", 0L, Long.class);
        exchange.setProperty(EXPIRES_AT, expiration > 0 ? Timestamp.of(expiration) : null);
        exchange.setProperty(AcceptComponent.REPLY_TO, replyTo(in.getHeader("JMSReplyTo")));
        if (jms != null && jms.propertyExists(UnreadableMessages.UNREADABLE)) {
            throw Refused.because(400, String.valueOf(jms.getStringProperty(UnreadableMessages.UNREADABLE)));
        }
        String text = jms == null ? in.getBody(String.class) : QueueText.of(jms);
        in.setBody(text);
        if (text == null) {
            throw Refused.because(400, "The message is empty.");
        }
    }

    private static @Nullable String messageId(Message jms) throws JMSException {
        String ofAmqp = jms.getStringProperty(AMQP_ID);
        return ofAmqp == null ? jms.getJMSMessageID() : ofAmqp;
    }

    /** Artemis gives bytes apart; for a reply it makes bytes again of the form that the mapping of JMS to AMQP has for them. */
    private static @Nullable String correlation(Message jms) throws JMSException {
        String text = jms.getJMSCorrelationID();
        byte[] bytes = text == null && jms instanceof ActiveMQMessage ? jms.getJMSCorrelationIDAsBytes() : null;
        return bytes == null ? text : BINARY_ID + HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /**
     * Makes an id of ours of a broker's; the same always of the same. Brokers choose the ids of CORE messages, and no two are the
     * same. Senders choose those of AMQP messages, so two senders or queues may use the same.
     */
    private static String idOf(String id, @Nullable Message jms) throws JMSException {
        if (jms != null && isOfAmqp(jms)) {
            return hash(jms.getJMSDestination() + "\n" + jms.getStringProperty("JMSXUserID") + "\n" + id);
        }
        return MessageId.FORM.matcher(id).matches() ? id : hash(id);
    }

    private static boolean isOfAmqp(Message jms) throws JMSException {
        return jms.propertyExists(AMQP_ID) || jms instanceof org.apache.qpid.jms.message.JmsMessage;
    }

    private static String hash(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Returns the name of the queue that wants a reply. */
    private static @Nullable String replyTo(@Nullable Object header) throws JMSException {
        String name = null;
        if (header instanceof Queue queue) {
            name = queue.getQueueName();
        } else if (header instanceof Topic) {
            name = TOPIC;
        } else if (header instanceof ActiveMQDestination other) {
            name = other.getAddress();
        } else if (header instanceof Destination other) {
            name = other.toString();
        }
        if (name != null && name.startsWith(TOPIC)) {
            throw Refused.because(400, "The reply address is a topic. Use a queue.");
        }
        String queue = name != null && name.startsWith(QUEUE) ? name.substring(QUEUE.length()) : name;
        if (queue != null && (queue.isBlank() || queue.equals(Broker.MESSAGES) || queue.equals(Broker.INVALID))) {
            throw Refused.because(400, "The reply address is empty, or a queue of the bus. Use a queue of your own.");
        }
        return queue;
    }
}
