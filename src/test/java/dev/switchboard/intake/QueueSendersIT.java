package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;

/** Several senders with logins of their own at one broker. */
class QueueSendersIT {

    private final int port = Ports.free();

    private EmbeddedActiveMQ startBroker(Path folder, String... users) throws Exception {
        var logins = new SecurityConfiguration();
        for (String user : users) {
            logins.addUser(user, "secret");
            logins.addRole(user, "all");
        }
        var role = new Role("all", true, true, true, true, true, true, true, true, true, true, false, false);
        var configuration = new ConfigurationImpl();
        configuration.setSecurityEnabled(true);
        configuration.setPopulateValidatedUser(true);
        configuration.setPersistenceEnabled(false);
        configuration.setBrokerInstance(folder.toFile());
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port + "?protocols=CORE,AMQP");
        configuration.putSecurityRoles("#", Set.of(role));
        var broker = new EmbeddedActiveMQ();
        broker.setConfiguration(configuration);
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), logins));
        broker.start();
        return broker;
    }

    private void put(String user, boolean named, String id, String body) {
        JmsConnectionFactory senders = MessageIds.fixed("amqp://127.0.0.1:" + port, id);
        senders.setPopulateJMSXUserID(named);
        try (JMSContext client = senders.createContext(user, "secret")) {
            client.createProducer().send(client.createQueue("switchboard.messages"), body);
        }
    }

    /** Artemis notes no login in AMQP messages, so that it is the user-id, where there is one, that tells senders apart. */
    @Test
    void theSameMessageIdOfTwoSendersAreTwoMessages() throws Exception {
        Path folder = RunningBus.newFolder("queue-senders");
        EmbeddedActiveMQ broker = startBroker(folder, "bus", "shop", "billing");
        Map<String, String> settings = Map.of(
                "switchboard.sandbox.enabled", "true",
                "switchboard.broker.url", "tcp://127.0.0.1:" + port,
                "switchboard.broker.username", "bus",
                "switchboard.broker.password", "secret");
        try (RunningBus bus = RunningBus.start(folder, settings);
                JMSContext client =
                        new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext("bus", "secret");
                JMSConsumer invalid = client.createConsumer(client.createQueue("switchboard.invalid"))) {
            RestClient rest = bus.rest();
            put("shop", true, "order-1", send("room", "of the shop").toString());
            put("billing", true, "order-1", send("room", "of billing").toString());
            await("both").untilAsserted(() -> assertThat(messages(rest)).isEqualTo(2));
            put("shop", true, "order-1", send("room", "of the shop").toString());
            put("billing", true, "order-1", send("room", "another of billing").toString());
            assertThat(invalid.receive(10_000).getBody(String.class)).contains("another of billing");
            put("shop", false, "order-2", send("room", "of the shop").toString());
            put("billing", false, "order-2", send("room", "of billing").toString());
            Message aside = invalid.receive(10_000);
            assertThat(aside.getBody(String.class)).contains("of billing");
            assertThat(aside.getStringProperty("reason")).contains("already");
            assertThat(invalid.receive(500)).isNull();
            assertThat(messages(rest)).isEqualTo(3);
        } finally {
            broker.stop();
        }
    }

    private static int messages(RestClient rest) {
        return rest.get("/messages").json().path("messages").size();
    }
}
