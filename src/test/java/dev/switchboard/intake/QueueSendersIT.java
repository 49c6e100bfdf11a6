package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several senders with logins of their own at an Artemis that is not the bus's, and what they can send there. */
class QueueSendersIT {

    private static final String MESSAGES = "switchboard.messages";
    private static final String INVALID = "switchboard.invalid";
    private static final int PORT = Ports.free();
    private static final AtomicInteger CUTS = new AtomicInteger();

    /** Messages that the bus moved in a transaction: of a process that is killed, the broker gives such back in another order. */
    private static final AtomicInteger TRANSACTED = new AtomicInteger();

    private static final String ADDRESS = "tcp://127.0.0.1:" + PORT;

    private static EmbeddedActiveMQ broker;
    private static RunningBus bus;
    private static RestClient rest;
    private static JMSContext client;

    @BeforeAll
    static void start() throws Exception {
        Path folder = RunningBus.newFolder("queue-senders");
        broker = startBroker(folder, "bus", "shop", "billing");
        bus = RunningBus.start(
                folder,
                Map.of(
                        "switchboard.sandbox.enabled", "true",
                        "switchboard.broker.url", ADDRESS,
                        "switchboard.broker.username", "bus",
                        "switchboard.broker.password", "secret"));
        rest = bus.rest();
        client = new ActiveMQConnectionFactory(ADDRESS).createContext("bus", "secret");
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        bus.close();
        broker.stop();
    }

    private static EmbeddedActiveMQ startBroker(Path folder, String... users) throws Exception {
        var logins = new SecurityConfiguration();
        for (String user : users) {
            logins.addUser(user, "secret");
            logins.addRole(user, "all");
        }
        logins.setDefaultUser("shop");
        var role = new Role("all", true, true, true, true, true, true, true, true, true, true, false, false);
        var configuration = new ConfigurationImpl();
        configuration.setSecurityEnabled(true);
        configuration.setPopulateValidatedUser(true);
        configuration.setPersistenceEnabled(false);
        configuration.setBrokerInstance(folder.toFile());
        configuration.addAcceptorConfiguration("tcp", ADDRESS + "?protocols=CORE,AMQP");
        configuration.putSecurityRoles("#", Set.of(role));
        configuration.registerBrokerPlugin(new CutAfterMove());
        var started = new EmbeddedActiveMQ();
        started.setConfiguration(configuration);
        started.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), logins));
        started.start();
        return started;
    }

    /** Cuts the connection of the bus when it has moved a message, and has not acknowledged it yet. */
    private static final class CutAfterMove implements ActiveMQServerMessagePlugin {

        @Override
        public void afterSend(
                ServerSession session,
                Transaction tx,
                org.apache.activemq.artemis.api.core.Message message,
                boolean direct,
                boolean noAutoCreate,
                RoutingStatus result) {
            if (INVALID.equals(message.getAddress()) && tx != null) {
                TRANSACTED.incrementAndGet();
            }
            if (INVALID.equals(message.getAddress()) && CUTS.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                session.getRemotingConnection().getTransportConnection().forceClose();
            }
        }
    }

    private static void put(String user, boolean named, String id, String body) {
        JmsConnectionFactory senders = MessageIds.fixed("amqp://127.0.0.1:" + PORT, id);
        senders.setPopulateJMSXUserID(named);
        try (JMSContext sender = senders.createContext(user, "secret")) {
            sender.createProducer().send(sender.createQueue(MESSAGES), body);
        }
    }

    private static Message invalid() throws JMSException {
        Message aside = take(INVALID, 10_000);
        assertThat(aside).isNotNull();
        assertThat(aside.getStringProperty("reason")).isNotBlank();
        return aside;
    }

    private static Message take(String queue, long millis) {
        try (JMSConsumer consumer = client.createConsumer(client.createQueue(queue))) {
            return consumer.receive(millis);
        }
    }

    /** Artemis notes no login in AMQP messages, so that it is the user-id, where there is one, that tells senders apart. */
    @Test
    void theSameMessageIdOfTwoSendersAreTwoMessages() throws Exception {
        put("shop", true, "order-1", send("same", "of the shop").toString());
        put("billing", true, "order-1", send("same", "of billing").toString());
        await("both").untilAsserted(() -> assertThat(messages("same")).isEqualTo(2));
        put("shop", true, "order-1", send("same", "of the shop").toString());
        put("billing", true, "order-1", send("same", "another of billing").toString());
        assertThat(invalid().getBody(String.class)).contains("another of billing");
        put("shop", false, "order-2", send("same", "of the shop").toString());
        put("billing", false, "order-2", send("same", "of billing").toString());
        Message aside = invalid();
        assertThat(aside.getBody(String.class)).contains("of billing");
        assertThat(aside.getStringProperty("reason")).contains("already");
        assertThat(take(INVALID, 500)).isNull();
        assertThat(messages("same")).isEqualTo(3);
    }

    private static int messages(String conversation) {
        return rest.get("/messages?conversation=" + conversation)
                .json()
                .path("messages")
                .size();
    }

    private static void assertFlows() {
        ObjectNode behind = send("behind", "x").put("id", "behind-" + UUID.randomUUID());
        client.createProducer().send(client.createQueue(MESSAGES), behind.toString());
        assertThat(rest.finished(behind.path("id").asText()).path("state").asText())
                .isEqualTo("delivered");
        // a connection that broke may be told a moment after the next one works
        await("the intake")
                .until(() -> rest.get("/lanes").json().at("/intakes/2/state").asText(), "running"::equals);
    }

    /** By CORE this broker closes the consumer at each of them, again and again. */
    @Test
    void whatCoreHasNoFormForIsSetAsideAndAnswered() throws Exception {
        for (Section body : List.of(
                new AmqpValue(Map.of("a", Map.of("b", 1))),
                new AmqpValue(List.of(List.of(1), UUID.randomUUID())),
                new AmqpSequence(List.of(Map.of("a", 1))))) {
            var properties = new Properties();
            properties.setMessageId(UUID.randomUUID());
            properties.setReplyTo("replies-of-odd-ones");
            try (var raw = new RawAmqp(PORT, MESSAGES)) {
                raw.send(properties, body);
            }
            assertFlows();
            assertThat(take("replies-of-odd-ones", 10_000).getBody(String.class))
                    .contains("\"status\":400");
            // this client has no form for it either, so the queue itself is looked at
            await().until(() -> broker.getActiveMQServer().locateQueue(INVALID).getMessageCount() == 1);
            broker.getActiveMQServer().locateQueue(INVALID).deleteAllReferences();
        }
    }

    /** By CORE the first section alone came, and a good message in it was sent without the rest. */
    @Test
    void severalDataSectionsAreOneBody() throws Exception {
        byte[] body = send("sections", "x").toString().getBytes(StandardCharsets.UTF_8);
        var properties = new Properties();
        properties.setMessageId(UUID.randomUUID());
        try (var raw = new RawAmqp(PORT, MESSAGES)) {
            raw.send(properties, new Data(new Binary(body, 0, 10)), new Data(new Binary(body, 10, body.length - 10)));
            await().untilAsserted(() -> assertThat(messages("sections")).isEqualTo(1));
            raw.send(new Data(new Binary(body)), new Data(new Binary(body)));
        }
        assertThat(invalid()).isInstanceOf(BytesMessage.class);
        assertThat(messages("sections")).isEqualTo(1);
    }

    /** An object that says it has two gigabytes took the memory of a bus that read it by CORE, and ended it. */
    @Test
    void bodiesThatAreNotOfTheirTypeStopNothing() throws Exception {
        try (var session = new CoreClient("" + PORT)) {
            for (byte type : new byte[] {2, 3, 5, 99}) {
                session.send(type, message -> message.getBodyBuffer().writeBytes(new byte[] {1, 127, 127, 127, 127}));
                assertFlows();
            }
        }
        broker.getActiveMQServer().locateQueue(INVALID).deleteAllReferences();
    }

    /** The broker recognises what comes again by its message-id and content. */
    @Test
    void whatIsMovedWhenTheConnectionBreaksIsThereOnce() throws Exception {
        CUTS.set(1);
        for (ConnectionFactory each :
                List.of(new ActiveMQConnectionFactory(ADDRESS), new JmsConnectionFactory("amqp://127.0.0.1:" + PORT))) {
            try (JMSContext sender = each.createContext("shop", "secret")) {
                var producer = sender.createProducer();
                producer.send(sender.createQueue(MESSAGES), "no JSON");
                producer.send(sender.createQueue(MESSAGES), "nor this");
            }
        }
        assertFlows();
        assertThat(CUTS).hasValue(0);
        assertThat(TRANSACTED).hasValue(0);
        for (int i = 0; i < 4; i++) {
            assertThat(invalid().getBody(String.class)).isIn("no JSON", "nor this");
        }
        assertThat(take(INVALID, 500)).isNull();
    }

    @Test
    void aMessageToATopicOfThisNameIsRefusedToItsSender() {
        assertThatThrownBy(() -> client.createProducer().send(client.createTopic(MESSAGES), "x"))
                .isInstanceOf(JMSRuntimeException.class);
        assertFlows();
    }

    @Test
    void aRequesterOfCoreFindsItsReplyByItsMessageId() throws Exception {
        Queue replies = client.createTemporaryQueue();
        Message request = client.createTextMessage(send("request", "x").toString());
        request.setJMSReplyTo(replies);
        client.createProducer().send(client.createQueue(MESSAGES), request);
        try (JMSConsumer consumer =
                client.createConsumer(replies, "JMSCorrelationID='" + request.getJMSMessageID() + "'")) {
            assertThat(consumer.receive(10_000)).isNotNull();
        }
    }
}
