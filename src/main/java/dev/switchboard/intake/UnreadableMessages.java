package dev.switchboard.intake;

import static org.apache.activemq.artemis.protocol.amqp.converter.AMQPMessageSupport.JMS_REPLY_TO_TYPE_MSG_ANNOTATION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIllegalStateException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.protocol.amqp.converter.AmqpCoreConverter;
import org.apache.activemq.artemis.protocol.amqp.converter.coreWrapper.ConversionException;
import org.apache.activemq.artemis.protocol.amqp.util.TLSEncode;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles, inside the embedded broker, what an AMQP client sends to the queue and JMS has no form for: on delivery the broker
 * would drop it without a word. Several data sections become one body, as JMS sees the first alone. Properties of types that
 * JMS lacks are left out. A body of such a type, such as a map within a map, becomes JSON text that the route refuses.
 */
final class UnreadableMessages implements ActiveMQServerMessagePlugin {

    /** The property that says why the route refuses a message. */
    static final String UNREADABLE = "switchboard_unreadable";

    private static final String REASON =
            "A message is a text or bytes, JSON in UTF-8. This was an AMQP value of another kind, shown as JSON.";

    private static final String LATE = "The message was not taken from the queue within its time to live.";

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableMessages.class);
    private static final String TRACE = "traceparent";
    private static final long EXPIRED = 1;

    /** The journal of the embedded broker takes no larger messages but in the form in which they came. */
    private static final int LONGEST_JOINED = 512 << 10;

    private @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer broker) {
        server = broker;
    }

    @Override
    public void beforeSend(ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreate)
            throws ActiveMQException {
        if (!(message instanceof AMQPMessage amqp) || !Broker.MESSAGES.equals(message.getAddress())) {
            return;
        }
        ICoreMessage copy = copy(amqp);
        if (copy != null) {
            put(copy, session, tx);
            message.setExpiration(EXPIRED); // the broker drops it where it would be delivered
        }
    }

    /** A message that was not taken within its time to live is refused as others are: it would be gone without a word. */
    @Override
    public void messageExpired(MessageReference reference, SimpleString expiryAddress, ServerConsumer consumer)
            throws ActiveMQException {
        Message message = reference.getMessage();
        if (Broker.MESSAGES.equals(message.getAddress()) && message.getExpiration() != EXPIRED) {
            long id = broker().getStorageManager().generateID();
            Message copy = message instanceof AMQPMessage amqp ? amqp.toCore() : message.copy(id);
            copy.setMessageID(id);
            copy.setExpiration(0);
            copy.putStringProperty(UNREADABLE, LATE);
            route(copy, null);
        }
    }

    /** Returns null where the message can stay as it is. What cannot be read at all is refused: its sender gets an error. */
    private static @Nullable ICoreMessage copy(AMQPMessage message) throws ActiveMQException {
        try {
            List<Data> sections = sections(message);
            ICoreMessage core = core(message);
            if (core != null && sections.size() < 2) {
                return null;
            }
            ICoreMessage copy = core == null ? withoutOddParts(message) : core;
            if (sections.size() > 1) {
                join(copy, sections);
            }
            return copy;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("A message cannot be read: {}", e.toString());
            throw new ActiveMQIllegalStateException(
                    "This message cannot be read: it is damaged, or nested too deep. Send the JSON as a text.");
        }
    }

    private static List<Data> sections(AMQPMessage message) {
        List<Data> sections = new ArrayList<>();
        if (message.getBody() instanceof Data) {
            ReadableBuffer bytes = message.getSendBuffer(0, null);
            DecoderImpl decoder = TLSEncode.getDecoder();
            decoder.setBuffer(bytes);
            while (bytes.hasRemaining()) {
                if (decoder.readObject() instanceof Data section) {
                    sections.add(section);
                }
            }
            decoder.setBuffer(null);
        }
        return sections;
    }

    private static void join(ICoreMessage copy, List<Data> sections) throws ActiveMQException {
        int length =
                sections.stream().mapToInt(each -> each.getValue().getLength()).sum();
        if (length > LONGEST_JOINED) {
            throw new ActiveMQIllegalStateException("A body of " + length + " bytes in several data sections: send it"
                    + " as one section, or at most " + LONGEST_JOINED + " bytes.");
        }
        copy.setType(Message.BYTES_TYPE);
        ActiveMQBuffer body = copy.getBodyBuffer();
        body.clear();
        for (Data section : sections) {
            Binary part = section.getValue();
            body.writeBytes(part.getArray(), part.getArrayOffset(), part.getLength());
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
        try {
            broker().getPostOffice().route(copy, tx, false);
        } catch (ActiveMQException e) {
            throw e;
        } catch (Exception e) {
            throw new ActiveMQIllegalStateException("This message could not be put into the queue: " + e.getMessage());
        }
    }

    private static @Nullable ICoreMessage core(AMQPMessage message) {
        try {
            return message.toCore();
        } catch (RuntimeException e) {
            LOG.debug("A message cannot be read: {}", e.getMessage());
            return null;
        }
    }

    /** The sender's properties, or its body, are of types that JMS lacks. */
    private static ICoreMessage withoutOddParts(AMQPMessage message) {
        Map<String, Object> properties = new HashMap<>();
        if (message.getApplicationProperties() != null
                && message.getApplicationProperties().getValue().get(TRACE) instanceof String trace) {
            properties.put(TRACE, trace);
        }
        try {
            return core(message, properties, message.getBody());
        } catch (ConversionException | RuntimeException e) {
            LOG.debug("A body cannot be read: {}", e.getMessage());
        }
        properties.put(UNREADABLE, REASON);
        try {
            return core(
                    message, properties, new AmqpValue(json(message.getBody()).toString()));
        } catch (ConversionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ICoreMessage core(AMQPMessage message, Map<String, Object> properties, @Nullable Section body)
            throws ConversionException {
        return AmqpCoreConverter.toCore(
                message,
                null,
                message.getHeader(),
                replyAnnotation(message),
                message.getProperties(),
                new ApplicationProperties(properties),
                body,
                null);
    }

    /** Returns the annotation that tells a queue from a topic as the address for replies. */
    private static @Nullable MessageAnnotations replyAnnotation(AMQPMessage message) {
        MessageAnnotations all = message.getMessageAnnotations();
        Object type = all == null ? null : all.getValue().get(JMS_REPLY_TO_TYPE_MSG_ANNOTATION);
        return type == null ? null : new MessageAnnotations(Map.of(JMS_REPLY_TO_TYPE_MSG_ANNOTATION, type));
    }

    private static JsonNode json(@Nullable Section body) {
        if (body instanceof AmqpValue value) {
            return json(value.getValue());
        }
        return json(body instanceof AmqpSequence sequence ? sequence.getValue() : null);
    }

    private static JsonNode json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = Json.object();
            map.forEach((key, each) -> object.set(String.valueOf(key), json(each)));
            return object;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            list.forEach(each -> array.add(json(each)));
            return array;
        }
        if (value instanceof Binary bytes) {
            byte[] copy = new byte[bytes.getLength()];
            System.arraycopy(bytes.getArray(), bytes.getArrayOffset(), copy, 0, copy.length);
            return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(copy));
        }
        return value == null
                ? JsonNodeFactory.instance.nullNode()
                : JsonNodeFactory.instance.textNode(value.toString());
    }
}
