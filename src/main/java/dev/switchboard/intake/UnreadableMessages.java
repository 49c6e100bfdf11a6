package dev.switchboard.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves to {@code switchboard.invalid}, inside the embedded broker, what an AMQP client sends to the queue and JMS has no form for, such as a sequence or a
 * map within a map. On delivery the broker would drop it without a word. Its body becomes JSON text.
 */
final class UnreadableMessages implements ActiveMQServerMessagePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableMessages.class);
    private static final long EXPIRED = 1;

    private @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer broker) {
        server = broker;
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreate) {
        if (message instanceof AMQPMessage amqp && Broker.MESSAGES.equals(message.getAddress()) && !isReadable(amqp)) {
            setAside(amqp);
            message.setExpiration(EXPIRED); // the broker drops it where it would be delivered
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

    private void setAside(AMQPMessage message) {
        if (server == null) {
            throw new IllegalStateException("the plugin is not registered");
        }
        String body = json(message.getProtonMessage().getBody()).toString();
        var copy = new CoreMessage(server.getStorageManager().generateID(), body.length() + 512);
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
        try {
            server.getPostOffice().route(copy, false);
        } catch (Exception e) {
            throw new IllegalStateException("an unreadable message could not be moved", e);
        }
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
