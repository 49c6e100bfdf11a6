package dev.switchboard.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** The demo's side of the broker: it sends as an internal system would, and reads as an operator would. */
final class DemoQueues implements AutoCloseable {

    private static final String REPLIES = "demo.replies";

    private final ActiveMQConnectionFactory factory;
    private final JMSContext session;

    DemoQueues(int port) {
        factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
        session = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
    }

    /** Sends a message that wants its outcome as a reply. */
    void send(JsonNode message) {
        session.createProducer()
                .setJMSReplyTo(session.createQueue(REPLIES))
                .setJMSCorrelationID(message.path("id").asText())
                .send(session.createQueue("switchboard.messages"), message.toString());
    }

    /** Returns the message views that came as replies, by message id. */
    Map<String, JsonNode> replies(Set<String> wanted, Duration patience) {
        return take(REPLIES, wanted, patience);
    }

    /** Reads a queue until everything expected has come, or nothing more has come for that long. */
    Map<String, JsonNode> take(String queue, Set<String> wanted, Duration patience) {
        var found = new HashMap<String, JsonNode>();
        try (JMSConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            while (!found.keySet().containsAll(wanted)) {
                Message next = consumer.receive(patience.toMillis());
                if (next == null) {
                    return found;
                }
                JsonNode body = body(next);
                found.put(body.path("id").asText(), body);
            }
        }
        return found;
    }

    /** Returns the next one of a queue, or empty where none comes for that long. */
    Optional<JsonNode> next(String queue, Duration patience) {
        try (JMSConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            return Optional.ofNullable(consumer.receive(patience.toMillis())).map(DemoQueues::body);
        }
    }

    private static JsonNode body(Message message) {
        try {
            return Json.MAPPER.readTree(message.getBody(String.class));
        } catch (jakarta.jms.JMSException | JsonProcessingException e) {
            throw new IllegalStateException("a queue holds what is not JSON text: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        session.close();
        factory.close();
    }
}
