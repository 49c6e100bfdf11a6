package dev.switchboard.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.vendor.MessageCheck;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Enumeration;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Shows what came by the queue and was refused, and takes it out of {@code switchboard.invalid}: to send it again, corrected or as it
 * was, or for good. The broker does each in one transaction.
 */
@Singleton
@Named("invalidMessages")
public final class InvalidMessages {

    private static final int MOST = 200;
    private static final int EXCERPT = 200;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    private final BrokerConfig config;
    private final Instance<Broker> broker;
    private final MessageCheck check;

    /** Looks into the queue of the broker that the bus uses. */
    public InvalidMessages(BrokerConfig config, Instance<Broker> broker, MessageCheck check) {
        this.config = config;
        this.broker = broker;
        this.check = check;
    }

    /** Does something with the broker. */
    private interface Work<T> {
        T in(Session session) throws JMSException;
    }

    private <T> T within(boolean transacted, Work<T> work) {
        try (Connection connection = broker.get().connections().createConnection()) {
            connection.start();
            int mode = transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE;
            try (Session session = connection.createSession(mode)) {
                return work.in(session);
            }
        } catch (JMSException e) {
            throw Refused.forNow("The broker does not answer: " + e.getMessage(), 5);
        }
    }

    private boolean hasNone() {
        return config.url().equals("none");
    }

    /** Lists the oldest: {@code {"messages":[…]}}. */
    public ObjectNode list() {
        ObjectNode all = Json.object();
        var messages = all.putArray("messages");
        if (!hasNone()) {
            within(false, session -> {
                try (QueueBrowser browser = session.createBrowser(session.createQueue(Broker.INVALID))) {
                    Enumeration<?> found = browser.getEnumeration();
                    while (found.hasMoreElements() && messages.size() < MOST) {
                        ObjectNode each = view((Message) found.nextElement());
                        String text = each.path("text").asText();
                        messages.add(
                                text.length() > EXCERPT ? each.put("text", text.substring(0, EXCERPT) + "…") : each);
                    }
                    return messages;
                }
            });
        }
        return all;
    }

    /**
     * Shows one.
     *
     * @throws Refused (404) when it is not in the queue
     */
    public ObjectNode find(@Header("id") String id) {
        return hasNone()
                ? none()
                : within(false, session -> {
                    try (QueueBrowser browser =
                            session.createBrowser(session.createQueue(Broker.INVALID), selector(id))) {
                        Enumeration<?> found = browser.getEnumeration();
                        return found.hasMoreElements() ? view((Message) found.nextElement()) : none();
                    }
                });
    }

    /**
     * Sends one again as a message of its sender.
     *
     * @param corrected in its place; null: as it was
     * @throws Refused (404) when it is not in the queue, (400, 422) when it is still no message
     */
    public ObjectNode send(@Header("id") String id, @Body @Nullable String corrected) {
        String text =
                corrected == null || corrected.isBlank() ? find(id).path("text").asText() : corrected;
        JsonNode message = MessageCheck.parse(MessageCheck.strictJson(), text);
        check.check(message);
        return take(id, (session, refused) -> {
            TextMessage again = session.createTextMessage(text);
            again.setJMSReplyTo(replyTo(refused));
            again.setJMSCorrelationID(refused.getJMSCorrelationID());
            try (MessageProducer messages = session.createProducer(session.createQueue(Broker.MESSAGES))) {
                messages.send(again);
            }
        });
    }

    /** An address that is refused may be why the message was. */
    private static @Nullable Destination replyTo(Message refused) throws JMSException {
        try {
            ReplyAddress.of(refused.getJMSReplyTo());
            return refused.getJMSReplyTo();
        } catch (Refused e) {
            return null;
        }
    }

    /**
     * Takes one out of the queue for good.
     *
     * @throws Refused (404) when it is not in the queue
     */
    public ObjectNode discard(@Header("id") String id) {
        return take(id, (session, refused) -> {});
    }

    /** What is done with a message that leaves the queue. */
    private interface Leaving {
        void leaves(Session session, Message refused) throws JMSException;
    }

    private ObjectNode take(String id, Leaving then) {
        return hasNone()
                ? none()
                : within(true, session -> {
                    try (MessageConsumer consumer =
                            session.createConsumer(session.createQueue(Broker.INVALID), selector(id))) {
                        Message refused = consumer.receive(LONGEST_WAIT_MILLIS);
                        if (refused == null) {
                            return none();
                        }
                        ObjectNode view = view(refused);
                        then.leaves(session, refused);
                        session.commit();
                        return view;
                    }
                });
    }

    private static ObjectNode none() {
        throw Refused.because(404, "There is no such message in " + Broker.INVALID + ".");
    }

    private static String selector(String id) {
        return QueueReason.INVALID_ID + " = '" + id.replace("'", "''") + "'";
    }

    private static ObjectNode view(Message message) throws JMSException {
        ObjectNode view = Json.object()
                .put("id", message.getStringProperty(QueueReason.INVALID_ID))
                .put("at", Json.time(message.getJMSTimestamp()))
                .put("reason", message.getStringProperty(QueueReason.REASON));
        try {
            view.put("text", QueueText.of(message));
        } catch (Refused e) {
            view.put("unreadable", e.getMessage());
        }
        return Json.withoutNulls(view);
    }
}
