package dev.switchboard.intake;

import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;

/** Sends CORE messages to the queue without JMS, which would let none be wrong; each send returns when the broker has taken it. */
final class CoreClient implements AutoCloseable {

    private final ServerLocator locator;
    private final ClientSessionFactory factory;
    private final ClientSession session;

    CoreClient(String port) throws Exception {
        locator = ActiveMQClient.createServerLocator("tcp://127.0.0.1:" + port);
        factory = locator.createSessionFactory();
        session = factory.createSession(true, true);
    }

    void send(byte type, Consumer<ClientMessage> fill) throws ActiveMQException {
        ClientMessage message = session.createMessage(type, true);
        fill.accept(message);
        session.createProducer("switchboard.messages").send(message);
    }

    @Override
    public void close() throws ActiveMQException {
        session.close();
        factory.close();
        locator.close();
    }
}
