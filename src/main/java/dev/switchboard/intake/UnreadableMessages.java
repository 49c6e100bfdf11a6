package dev.switchboard.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIllegalStateException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.protocol.amqp.util.TLSEncode;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles, inside the embedded broker, what an AMQP client sends to the queue and JMS has no form for. Several data sections
 * become one body: JMS sees the first alone. The rest, such as a sequence or a map within a map, is moved to {@code
 * switchboard.invalid} as JSON text; on delivery the broker would drop it without a word.
 */
final class UnreadableMessages implements ActiveMQServerMessagePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableMessages.class);
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
        List<Data> sections = sections(amqp);
        if (!isReadable(amqp)) {
            put(unreadable(amqp), null);
        } else if (sections.size() > 1) {
            put(joined(amqp, sections, session), tx);
        } else {
            return;
        }
        message.setExpiration(EXPIRED); // the broker drops it where it would be delivered
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

    private Message joined(AMQPMessage message, List<Data> sections, ServerSession session) throws ActiveMQException {
        int length =
                sections.stream().mapToInt(each -> each.getValue().getLength()).sum();
        if (length > LONGEST_JOINED) {
            throw new ActiveMQIllegalStateException("A body of " + length + " bytes in several data sections: send it"
                    + " as one section, or at most " + LONGEST_JOINED + " bytes.");
        }
        ICoreMessage whole = message.toCore();
        whole.setMessageID(broker().getStorageManager().generateID());
        whole.setType(Message.BYTES_TYPE);
        if (broker().getConfiguration().isPopulateValidatedUser()) {
            whole.setValidatedUserID(session.getValidatedUser());
        }
        ActiveMQBuffer body = whole.getBodyBuffer();
        body.clear();
        for (Data section : sections) {
            Binary part = section.getValue();
            body.writeBytes(part.getArray(), part.getArrayOffset(), part.getLength());
        }
        return whole;
    }

    private ActiveMQServer broker() {
        if (server == null) {
            throw new IllegalStateException("the plugin is not registered");
        }
        return server;
    }

    private void put(Message message, @Nullable Transaction tx) {
        try {
            broker().getPostOffice().route(message, tx, false);
        } catch (Exception e) {
            throw new IllegalStateException("a message could not be moved", e);
        }
    }

    private static boolean isReadable(AMQPMessage message) {
        try {
            message.toCore();
            return true;
        } catch (RuntimeException e) {
            LOG.debug("A message cannot be read: {}", e.getMessage());
            return false;
        }
    }

    private Message unreadable(AMQPMessage message) {
        String body = json(message.getProtonMessage().getBody()).toString();
        var copy = new CoreMessage(broker().getStorageManager().generateID(), body.length() + 512);
        copy.setAddress(Broker.INVALID);
        copy.setRoutingType(RoutingType.ANYCAST);
        copy.setDurable(true);
        copy.setType(Message.TEXT_TYPE);
        copy.setTimestamp(System.currentTimeMillis());
        copy.getBodyBuffer().writeNullableSimpleString(SimpleString.of(body));
        copy.putStringProperty(
                QueueReason.REASON,
                "A message is a text or bytes, JSON in UTF-8. This was an AMQP value of another kind, shown as JSON.");
        copy.putStringProperty("NATIVE_MESSAGE_ID", String.valueOf(message.getUserID()));
        return copy;
    }

    private static JsonNode json(@Nullable Section body) {
        if (body instanceof AmqpValue value) {
            return json(value.getValue());
        }
        return json(body instanceof AmqpSequence sequence ? sequence.getValue() : null);
    }

    private static JsonNode json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
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
