package dev.switchboard.torture;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TextMessage;
import java.util.List;
import java.util.Random;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

/**
 * Sends by JMS over CORE and AMQP in turns, and asks for replies. Accepted means that the broker has taken a message; one that it did not answer for is
 * sent again, and some are sent twice although it did.
 */
final class QueueFeeder extends Feeder {

    static final String INTAKE = "queue";
    static final String REPLIES = "torture.replies";

    static final String MESSAGES = "switchboard.messages";

    /** How many messages go over one connection; the next one has the other protocol. */
    private static final int EACH = 100;

    private final List<ConnectionFactory> protocols;
    private final Conversations conversations;
    private final Ledger ledger;
    private final Random random;
    private final int twice;

    /** @param twice how many of a hundred messages are sent twice */
    QueueFeeder(String url, Conversations conversations, Ledger ledger, int twice, long seed) {
        this.protocols = List.of(connections(url), amqp(url));
        this.conversations = conversations;
        this.ledger = ledger;
        this.twice = twice;
        this.random = new Random(seed);
    }

    /** Does not wait long for a broker that has gone away. */
    static ActiveMQConnectionFactory connections(String url) {
        return new ActiveMQConnectionFactory(
                url + "?callTimeout=5000&connectionTTL=10000&clientFailureCheckPeriod=3000");
    }

    private static ConnectionFactory amqp(String url) {
        return new JmsConnectionFactory(url.replaceFirst("tcp", "amqp")
                + "?jms.connectTimeout=5000&jms.requestTimeout=5000&jms.sendTimeout=5000&amqp.idleTimeout=10000");
    }

    @Override
    void feed() throws JMSException {
        Sent next = conversations.next();
        for (int i = 0; goesOn(); i++) {
            try (JMSContext session = protocols.get(i % 2).createContext()) {
                for (int left = EACH; goesOn() && left > 0; left--) {
                    send(session, next);
                    ledger.accepted(next);
                    next = conversations.next();
                    pause(5);
                }
            } catch (JMSRuntimeException e) {
                // the broker is down: the same id again when it is back
                pause(200);
            }
        }
    }

    private void send(JMSContext session, Sent next) throws JMSException {
        TextMessage message = session.createTextMessage(next.json().toString());
        message.setJMSReplyTo(session.createQueue(REPLIES));
        message.setJMSCorrelationID(next.id());
        // consumers of several processes keep the order within a group
        message.setStringProperty("JMSXGroupID", next.conversation());
        for (int times = random.nextInt(100) < twice ? 2 : 1; times > 0; times--) {
            session.createProducer().send(session.createQueue(MESSAGES), message);
        }
    }
}
