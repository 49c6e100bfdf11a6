package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RabbitMQ as the broker. */
@Tag("soak")
class RabbitMqIT {

    private static final int MESSAGES = 700;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Test
    void messagesComeThroughRabbitMqAndOddOnesGoToTheirQueue() throws Exception {
        assumeThat(RabbitMq.isInstalled())
                .as("RabbitMQ, which Debian's package rabbitmq-server installs")
                .isTrue();
        try (var rabbit = new RabbitMq(RunningBus.newFolder("rabbitmq"));
                RunningBus bus = start(rabbit, "guest");
                JMSContext client = client(rabbit)) {
            for (int i = 0; i < MESSAGES; i++) {
                send(
                        client,
                        client.createTextMessage(
                                RestClient.send("room-" + i, "x").toString()));
                if (i == MESSAGES / 2) {
                    send(client, client.createMapMessage());
                }
            }
            assertAllDelivered(bus.rest());
            assertThat(invalid(client).getStringProperty("reason")).contains("MapMessage");
            assertThat(queue(bus).path("state").asText()).isEqualTo("running");
        }
    }

    @Test
    void aLoginThatTheBrokerRefusesIsShownUntilItTakesIt() throws Exception {
        assumeThat(RabbitMq.isInstalled())
                .as("RabbitMQ, which Debian's package rabbitmq-server installs")
                .isTrue();
        try (var rabbit = new RabbitMq(RunningBus.newFolder("rabbitmq"));
                RunningBus bus = start(rabbit, "another")) {
            assertFails(bus, "authenticate");
            rabbit.control("change_password", "guest", "another");
            assertWorksAgain(bus, new JmsConnectionFactory("guest", "another", rabbit.url()));
        }
    }

    /** The login is right, and may not read. */
    @Test
    void aReceiverThatTheBrokerRefusesIsShownUntilItTakesIt() throws Exception {
        assumeThat(RabbitMq.isInstalled())
                .as("RabbitMQ, which Debian's package rabbitmq-server installs")
                .isTrue();
        try (var rabbit = new RabbitMq(RunningBus.newFolder("rabbitmq"))) {
            rabbit.control("set_permissions", "guest", ".*", ".*", "");
            try (RunningBus bus = start(rabbit, "guest")) {
                assertFails(bus, "The broker does not answer");
                rabbit.control("set_permissions", "guest", ".*", ".*", ".*");
                assertWorksAgain(bus, new JmsConnectionFactory("guest", "guest", rabbit.url()));
            }
        }
    }

    private static void assertFails(RunningBus bus, String why) throws IOException {
        await("the fault").atMost(LONGEST).until(() -> queue(bus).path("state").asText(), "failing"::equals);
        assertThat(queue(bus).path("why").asText()).contains(why);
        assertThat(bus.management().get("/q/health/ready").text()).contains("\"intake queue\": \"failing: ");
    }

    private static void assertWorksAgain(RunningBus bus, JmsConnectionFactory login) throws IOException {
        await("its end").atMost(LONGEST).until(() -> queue(bus).path("state").asText(), "running"::equals);
        try (JMSContext client = login.createContext()) {
            send(
                    client,
                    client.createTextMessage(
                            RestClient.send("room", "x").put("id", "after").toString()));
        }
        assertThat(bus.rest().finished("after").path("state").asText()).isEqualTo("delivered");
    }

    private static JMSContext client(RabbitMq rabbit) {
        return new JmsConnectionFactory("guest", "guest", rabbit.url()).createContext();
    }

    private static void send(JMSContext client, Message message) {
        client.createProducer().send(client.createQueue("switchboard.messages"), message);
    }

    private static Message invalid(JMSContext client) throws JMSException {
        try (JMSConsumer consumer = client.createConsumer(client.createQueue("switchboard.invalid"))) {
            Message aside = consumer.receive(10_000);
            assertThat(aside).isNotNull();
            return aside;
        }
    }

    private static void assertAllDelivered(RestClient bus) {
        await("all delivered")
                .atMost(LONGEST)
                .until(() -> bus.get("/messages?state=delivered&limit=1000")
                                .json()
                                .path("messages")
                                .size()
                        == MESSAGES);
    }

    private static JsonNode queue(RunningBus bus) throws IOException {
        return bus.rest().get("/lanes").json().at("/intakes/2");
    }

    private static RunningBus start(RabbitMq rabbit, String password) throws IOException {
        return RunningBus.start(
                RunningBus.newFolder("on-rabbitmq"),
                Map.of(
                        "switchboard.sandbox.enabled",
                        "true",
                        "switchboard.broker.url",
                        rabbit.url(),
                        "switchboard.broker.username",
                        "guest",
                        "switchboard.broker.password",
                        password));
    }
}
