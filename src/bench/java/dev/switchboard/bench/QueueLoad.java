package dev.switchboard.bench;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Puts messages into a party's queue, as a sender does that has many: so many in a transaction. */
final class QueueLoad implements Feed {

    private static final int IN_A_TRANSACTION = 50;
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(500);

    private final Journey journey;
    private final int conversations;
    private final ActiveMQConnectionFactory factory;
    private final Session session;
    private final MessageProducer producer;
    private volatile int window;
    private @Nullable Thread thread;

    QueueLoad(Journey journey, int port, String queue, int conversations) throws JMSException {
        this.journey = journey;
        this.conversations = conversations;
        factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
        Connection connection = factory.createConnection();
        session = connection.createSession(true, Session.SESSION_TRANSACTED);
        producer = session.createProducer(session.createQueue(queue));
    }

    @Override
    public void flood(int most) {
        window = most;
        thread = new Thread(this::feed, "sender");
        thread.setDaemon(true);
        thread.start();
    }

    private void feed() {
        while (window > 0) {
            if (journey.posted() + IN_A_TRANSACTION - journey.arrived() <= window) {
                transaction();
            } else {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void transaction() {
        int first = journey.posted();
        try {
            for (int i = 0; i < IN_A_TRANSACTION; i++) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(message(journey.posts(System.nanoTime())));
                producer.send(message);
            }
            session.commit();
        } catch (JMSException e) {
            throw new IllegalStateException("the queue does not take messages", e);
        }
        for (int i = 0; i < IN_A_TRANSACTION; i++) {
            journey.accepts(first + i);
        }
    }

    /** A message in a queue says its id, so that it is known where it comes again. */
    private byte[] message(int number) {
        String message = Load.message(number, "default", conversations);
        return ("{\"id\":\"order-" + number + "\"," + message.substring(1)).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void stop() {
        window = 0;
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        factory.close();
    }
}
