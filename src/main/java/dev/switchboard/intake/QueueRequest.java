package dev.switchboard.intake;

import static java.util.Objects.requireNonNull;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Sha256;
import dev.switchboard.message.Timestamp;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.HexFormat;
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

    private static final int ID_LENGTH = 32;
    private static final String BINARY_ID = "ID:AMQP_BINARY:";

    @Override
    public void process(Exchange exchange) {
        CommitGroup group = CommitGroup.current();
        if (group != null) {
            group.enlist(exchange);
        }
        Message jms = requireNonNull(exchange.getMessage(JmsMessage.class).getJmsMessage());
        try {
            read(exchange, jms);
        } catch (Refused e) {
            throw e;
        } catch (JMSException | RuntimeException e) {
            throw Refused.because(400, "The message cannot be read: " + e.getMessage());
        }
    }

    private static void read(Exchange exchange, Message jms) throws JMSException {
        String id = messageId(jms);
        exchange.setProperty(JMS_ID, id == null || id.isEmpty() ? "" : idOf(id, jms));
        String correlation = correlation(jms);
        exchange.setProperty(AcceptComponent.CORRELATION, correlation == null ? id : correlation);
        exchange.setProperty(AcceptComponent.TRACE, text(jms, "traceparent"));
        long expiration = jms.getJMSExpiration();
        exchange.setProperty(EXPIRES_AT, expiration > 0 ? Timestamp.of(expiration) : null);
        exchange.setProperty(AcceptComponent.REPLY_TO, ReplyAddress.of(jms.getJMSReplyTo()));
        String unreadable = text(jms, UnreadableMessages.UNREADABLE);
        if (unreadable != null) {
            throw Refused.because(400, unreadable);
        }
        String text = QueueText.of(jms);
        exchange.getMessage().setBody(text);
        if (text == null) {
            throw Refused.because(400, "The message is empty.");
        }
    }

    /** Returns a property that is a text. A sender may give its properties any type, and clients throw what they like at some. */
    private static @Nullable String text(Message jms, String property) {
        try {
            return jms.getObjectProperty(property) instanceof String text ? text : null;
        } catch (JMSException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable String messageId(Message jms) throws JMSException {
        String ofAmqp = jms instanceof ActiveMQMessage ? text(jms, AMQP_ID) : null;
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
    private static String idOf(String id, Message jms) throws JMSException {
        if (isOfAmqp(jms)) {
            return hash(jms.getJMSDestination() + "\n" + text(jms, "JMSXUserID") + "\n" + id);
        }
        return MessageId.FORM.matcher(id).matches() ? id : hash(id);
    }

    private static boolean isOfAmqp(Message jms) {
        return !(jms instanceof ActiveMQMessage) || text(jms, AMQP_ID) != null;
    }

    private static String hash(String text) {
        return Sha256.hex(text).substring(0, ID_LENGTH);
    }
}
