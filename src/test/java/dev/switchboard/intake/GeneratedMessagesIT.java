package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generated JMS and AMQP messages, by a seed: none stops the queue, and the bus stays as it was. */
@Tag("soak")
class GeneratedMessagesIT {

    private static final int MESSAGES = Integer.getInteger("switchboard.test.messages", 10_000);
    private static final long SEED = Long.getLong("switchboard.test.seed", 42);
    private static final int BETWEEN_GOOD_ONES = 100;
    private static final String QUEUE = "switchboard.messages";

    private final Random chance = new Random(SEED);

    @Test
    void whateverComesWhatIsGoodBehindItIsTakenAtOnce() throws Exception {
        int port = freePort();
        Map<String, String> settings = Map.of(
                "switchboard.sandbox.enabled", "true",
                "switchboard.broker.url", "embedded",
                "switchboard.broker.port", "" + port);
        try (RunningBus bus = RunningBus.start(RunningBus.newFolder("generated-messages"), settings);
                JMSContext core = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext();
                JMSContext amqp = new JmsConnectionFactory("amqp://127.0.0.1:" + port).createContext()) {
            List<Long> memory = new ArrayList<>();
            List<Long> threads = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                JMSContext client = chance.nextBoolean() ? core : amqp;
                client.createProducer().send(client.createQueue(QUEUE), message(client));
                if (i % BETWEEN_GOOD_ONES == BETWEEN_GOOD_ONES - 1) {
                    assertGoodOneIsTaken(bus.rest(), client, "good-" + i);
                    memory.add(bus.memory("VmRSS"));
                    threads.add(threads(bus));
                }
            }
            assertThat(bus.management().get("/q/health/ready").status()).isEqualTo(200);
            assertThat(bus.rest().get("/lanes").json().findValuesAsText("state"))
                    .doesNotContain("failing");
            assertFlat(memory, 1.3);
            assertFlat(threads, 1.2);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static long threads(RunningBus bus) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + bus.process().pid() + "/task"))) {
            return tasks.count();
        }
    }

    /** After a quarter of the messages, nothing grows any more. */
    private static void assertFlat(List<Long> values, double factor) {
        long quarter = values.get(values.size() / 4);
        assertThat(values.get(values.size() - 1)).isLessThan((long) (quarter * factor));
    }

    /** The clients' own sends and the looks of this test are part of the time. */
    private static void assertGoodOneIsTaken(RestClient rest, JMSContext client, String id) {
        client.createProducer()
                .send(client.createQueue(QUEUE), send("room", "x").put("id", id).toString());
        await(id)
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rest.get("/messages/" + id)
                        .json()
                        .path("state")
                        .asText()
                        .equals("delivered"));
    }

    private Message message(JMSContext client) throws JMSException {
        Message message = switch (chance.nextInt(6)) {
            case 0 -> map(client);
            case 1 -> stream(client);
            case 2 -> client.createObjectMessage(chance.nextInt());
            case 3 -> client.createMessage();
            case 4 -> bytes(client);
            default -> client.createTextMessage(text());
        };
        if (chance.nextInt(3) == 0) {
            message.setStringProperty(
                    List.of("CamelJmsDestinationName", "traceparent", "reason", "id")
                            .get(chance.nextInt(4)),
                    text());
        }
        if (chance.nextInt(5) == 0) {
            message.setJMSCorrelationID(text());
            message.setJMSReplyTo(client.createQueue("replies-" + chance.nextInt(3)));
        }
        return message;
    }

    private MapMessage map(JMSContext client) throws JMSException {
        MapMessage map = client.createMapMessage();
        for (int i = 0; i < chance.nextInt(5); i++) {
            map.setObject(
                    "key" + i, List.of(1, 2L, "x", 1.5, true, new byte[] {1}).get(chance.nextInt(6)));
        }
        return map;
    }

    private StreamMessage stream(JMSContext client) throws JMSException {
        StreamMessage stream = client.createStreamMessage();
        for (int i = 0; i < chance.nextInt(5); i++) {
            stream.writeString(text());
        }
        return stream;
    }

    private BytesMessage bytes(JMSContext client) throws JMSException {
        BytesMessage message = client.createBytesMessage();
        byte[] body = chance.nextBoolean()
                ? new byte[chance.nextInt(chance.nextInt(20) == 0 ? 300_000 : 300)]
                : text().getBytes(StandardCharsets.UTF_8);
        if (chance.nextBoolean()) {
            chance.nextBytes(body);
        }
        message.writeBytes(body);
        return message;
    }

    /** A good message with something changed in it, or anything; no half of a surrogate pair, as AMPQ has no form for it. */
    private String text() {
        String good =
                send("room-" + chance.nextInt(10), "text " + chance.nextInt()).toString();
        int at = chance.nextInt(good.length());
        return switch (chance.nextInt(7)) {
            case 0 -> good.substring(0, at);
            case 1 -> good.substring(0, at) + (char) chance.nextInt(0xD800) + good.substring(at);
            case 2 -> "[".repeat(chance.nextInt(3_000));
            case 3 -> "{\"a\":" + chance.nextLong() + "e" + chance.nextInt(1_000_000) + "}";
            case 4 -> "\uFEFF" + good;
            case 5 -> good.replace("text", "\\u0000");
            default -> good;
        };
    }
}
