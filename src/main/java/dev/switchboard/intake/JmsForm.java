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
 * Makes of an AMQP message one that JMS has a form for. Several data sections become one body, as JMS sees the first alone.
 * Properties of types that JMS lacks, or that brokers would take for their own, are left out. A body of such a type, such as a map
 * within a map, becomes JSON text that the route refuses.
 */
final class JmsForm {

    private static final String REASON =
            "A message is a text or bytes, JSON in UTF-8. This was an AMQP value of another kind, shown as JSON.";

    private static final Logger LOG = LoggerFactory.getLogger(JmsForm.class);
    private static final String TRACE = "traceparent";

    /** The journal of the embedded broker takes no larger messages but in the form in which they came. */
    private static final int LONGEST_JOINED = 512 << 10;

    private JmsForm() {}

    /** Returns null where the message can stay as it is. What cannot be read at all is refused: its sender gets an error. */
    static @Nullable ICoreMessage of(AMQPMessage message) throws ActiveMQException {
        try {
            List<Data> sections = sections(message);
            ICoreMessage core = hasOddNames(message) ? null : core(message);
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

    private static boolean hasOddNames(AMQPMessage message) {
        ApplicationProperties properties = message.getApplicationProperties();
        return properties != null
                && properties.getValue().entrySet().stream()
                        .anyMatch(each -> ReservedProperties.isOdd(each.getKey(), each.getValue()));
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
        properties.put(UnreadableMessages.UNREADABLE, REASON);
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
        return !(type instanceof Byte) ? null : new MessageAnnotations(Map.of(JMS_REPLY_TO_TYPE_MSG_ANNOTATION, type));
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
