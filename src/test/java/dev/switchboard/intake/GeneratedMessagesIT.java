package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated JMS and AMQP messages, as many as {@code -Dswitchboard.test.messages} says, with {@code -Dswitchboard.test.seed}
 * others: each is delivered once, or moved to {@code switchboard.invalid} once with a reason; none holds up the queue, and the bus stays as it was.
 */
@Tag("soak")
class GeneratedMessagesIT {

    private static final int MESSAGES = Integer.getInteger("switchboard.test.messages", 10_000);
    private static final long SEED = Long.getLong("switchboard.test.seed", 42);
    private static final int BETWEEN_GOOD_ONES = 100;
    private static final String QUEUE = "switchboard.messages";
    private static final String NUMBER = "number";

    private final int port = Ports.free();
    private final OddMessages odd = new OddMessages(SEED);

    /** What is in {@code switchboard.invalid}: by its number, or, where the embedded broker kept no properties, by its message-id. */
    private record Aside(Set<Integer> numbers, Set<String> messageIds) {
        int size() {
            return numbers.size() + messageIds.size();
        }
    }

    @Test
    void eachIsDeliveredOnceOrSetAsideOnce() throws Exception {
        Map<String, String> settings = Map.of(
                "switchboard.sandbox.enabled", "true",
                "switchboard.broker.url", "embedded",
                "switchboard.broker.port", "" + port);
        List<Long> memory = new ArrayList<>();
        List<Integer> threads = new ArrayList<>();
        List<Duration> good = new ArrayList<>();
        try (RunningBus bus = RunningBus.start(RunningBus.newFolder("generated-messages"), settings);
                JMSContext core = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext();
                JMSContext amqp = new JmsConnectionFactory("amqp://127.0.0.1:" + port).createContext();
                var raw = new RawAmqp(port, QUEUE)) {
            for (int i = 0; i < MESSAGES; i++) {
                switch (i % 3) {
                    case 0 -> put(core, i);
                    case 1 -> put(amqp, i);
                    default -> raw.send(raw(i));
                }
                if (i % BETWEEN_GOOD_ONES == BETWEEN_GOOD_ONES - 1) {
                    good.add(timeOfGoodOne(bus.rest(), i % 2 == 0 ? core : amqp, "good-" + i));
                    memory.add(bus.memory("VmRSS"));
                    threads.add(bus.threads());
                }
            }
            Aside aside = aside(core);
            List<JsonNode> taken = taken(bus.rest());
            System.out.printf(
                    "generated messages: %d, seed %d, delivered %d, invalid %d, RSS %s MB, threads %s%n",
                    MESSAGES, SEED, taken.size(), aside.size(), ends(memory), ends(threads));
            assertThat(taken)
                    .allSatisfy(message ->
                            assertThat(message.path("state").asText()).isEqualTo("delivered"));
            assertThat(taken.size() + aside.size()).isEqualTo(MESSAGES + MESSAGES / BETWEEN_GOOD_ONES);
            assertThat(bus.management().get("/q/health/ready").text()).contains("\"intake queue\": \"running\"");
            assertThat(bus.log()).doesNotContain("\tat ");
            // the machine may pause for a while, which says nothing of the bus
            assertThat(good.stream().sorted().toList().get(good.size() * 9 / 10))
                    .isLessThan(Duration.ofSeconds(1));
            assertFlat(memory, 1.3);
            assertFlat(threads.stream().map(Long::valueOf).toList(), 1.2);
        }
    }

    private static String ends(List<? extends Number> values) {
        return values.get(values.size() / 4) + " then " + values.get(values.size() - 1);
    }

    /** After a quarter of the messages, nothing grows any more. */
    private static void assertFlat(List<Long> values, double factor) {
        long quarter = values.get(values.size() / 4);
        assertThat(values.get(values.size() - 1)).isLessThan((long) (quarter * factor));
    }

    private void put(JMSContext client, int number) throws JMSException {
        Message message = odd.next(client);
        message.setIntProperty(NUMBER, number);
        JMSProducer producer = client.createProducer();
        producer.setDisableMessageID(odd.oneOf(20));
        producer.send(client.createQueue(QUEUE), message);
    }

    private Section[] raw(int number) {
        List<Section> sections = new ArrayList<>();
        var properties = new Properties();
        properties.setMessageId("raw-" + number);
        sections.add(properties);
        sections.add(new ApplicationProperties(Map.of(NUMBER, number)));
        sections.addAll(odd.body());
        return sections.toArray(Section[]::new);
    }

    /** Returns how long it takes until a good message is delivered, with the looks of this test. */
    private static Duration timeOfGoodOne(RestClient rest, JMSContext client, String id) {
        client.createProducer()
                .send(client.createQueue(QUEUE), send("room", "x").put("id", id).toString());
        long sent = System.nanoTime();
        await(id + ", seed " + SEED)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rest.get("/messages/" + id)
                        .json()
                        .path("state")
                        .asText()
                        .equals("delivered"));
        return Duration.ofNanos(System.nanoTime() - sent);
    }

    private static Aside aside(JMSContext client) throws JMSException {
        var aside = new Aside(new HashSet<>(), new HashSet<>());
        try (JMSConsumer consumer = client.createConsumer(client.createQueue("switchboard.invalid"))) {
            for (Message next = consumer.receive(5_000); next != null; next = consumer.receive(2_000)) {
                assertThat(next.getStringProperty("reason")).isNotBlank();
                boolean once = next.propertyExists(NUMBER)
                        ? aside.numbers.add(next.getIntProperty(NUMBER))
                        : aside.messageIds.add(next.getStringProperty("NATIVE_MESSAGE_ID"));
                assertThat(once).as("%s comes once", next).isTrue();
            }
        }
        return aside;
    }

    private static List<JsonNode> taken(RestClient rest) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = rest.get("/messages?limit=1000" + after).json();
            page.path("messages").forEach(found::add);
            after = page.has("next") ? "&after=" + page.path("next").asText() : "";
        } while (!after.isEmpty());
        return found;
    }
}
