package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Odd messages and good ones, and a bus that is stopped among them and started again. */
@Tag("soak")
class QueueRestartIT {

    private static final String MESSAGES = "switchboard.messages";
    private static final String INVALID = "switchboard.invalid";
    private static final int EACH = 100;

    private final FakeVendor vendor = FakeVendor.start()
            .answerBy(request ->
                    Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\",\"result\":\"success\"}"));
    private final int port = Ports.free();
    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = RunningBus.newFolder("queue-restart");
    }

    @AfterEach
    void stopVendor() {
        vendor.close();
    }

    private RunningBus start() throws IOException {
        String happytalk = "switchboard.vendors.happytalk.accounts.default.";
        String thulium = "switchboard.vendors.thulium.accounts.default.";
        return RunningBus.start(
                folder,
                Map.of(
                        happytalk + "biz-url",
                        vendor.url(),
                        happytalk + "client-id",
                        "id",
                        happytalk + "client-secret",
                        "secret",
                        thulium + "url",
                        vendor.url(),
                        thulium + "username",
                        "api",
                        thulium + "password",
                        "password",
                        "switchboard.broker.url",
                        "embedded",
                        "switchboard.broker.port",
                        "" + port));
    }

    private JMSContext core() {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext();
    }

    private JMSContext amqp() {
        return new JmsConnectionFactory("amqp://127.0.0.1:" + port).createContext();
    }

    private static void put(JMSContext client, Message message, int number) throws JMSException {
        message.setIntProperty("number", number);
        client.createProducer().send(client.createQueue(MESSAGES), message);
    }

    /** Sends odd messages with good ones among them, without ids of their own. */
    private static void putAll(JMSContext client, int from) throws JMSException {
        for (int i = from; i < from + EACH; i++) {
            Message odd = switch (i % 5) {
                case 0 -> client.createMapMessage();
                case 1 -> client.createObjectMessage(i);
                case 2 -> client.createTextMessage("no JSON");
                case 3 -> client.createMessage();
                default -> large(client);
            };
            put(client, odd, i);
            put(client, client.createTextMessage(send("room-" + i, "x").toString()), i);
        }
    }

    private static BytesMessage large(JMSContext client) throws JMSException {
        BytesMessage large = client.createBytesMessage();
        large.writeBytes(new byte[150_000]);
        return large;
    }

    private List<Integer> setAside() throws JMSException {
        try (JMSContext client = core();
                QueueBrowser browser = client.createBrowser(client.createQueue(INVALID))) {
            client.start();
            List<Integer> numbers = new ArrayList<>();
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                Message message = (Message) all.nextElement();
                assertThat(message.getStringProperty("reason")).isNotBlank();
                numbers.add(message.getIntProperty("number"));
            }
            return numbers;
        }
    }

    private Map<String, Long> roomsAtTheVendor() {
        return vendor.requests().stream()
                .map(request -> request.body().replaceAll("(?s).*\"room_id\":\"([^\"]*)\".*", "$1"))
                .collect(groupingBy(room -> room, counting()));
    }

    private static void assertGoodOneFlows(RunningBus bus, JMSContext client, String id) throws IOException {
        RestClient rest = bus.rest();
        client.createProducer()
                .send(client.createQueue(MESSAGES), send(id, "x").put("id", id).toString());
        await(id)
                .atMost(Duration.ofSeconds(2))
                .until(() -> rest.get("/messages/" + id)
                        .json()
                        .path("state")
                        .asText()
                        .equals("delivered"));
    }

    @Test
    void whatIsOddStaysOnceInItsQueueAndNothingIsTakenTwice() throws Exception {
        try (RunningBus bus = start();
                JMSContext core = core();
                JMSContext amqp = amqp()) {
            putAll(core, 0);
            putAll(amqp, EACH);
            await("what is odd").until(() -> setAside().size() == 2 * EACH);
            assertGoodOneFlows(bus, amqp, "before");
            // these meet the stop
            putAll(amqp, 2 * EACH);
        }
        try (RunningBus bus = start();
                JMSContext core = core();
                JMSContext amqp = amqp()) {
            List<Integer> numbers = IntStream.range(0, 3 * EACH).boxed().toList();
            await("what is odd").until(() -> setAside().size() >= numbers.size());
            assertGoodOneFlows(bus, core, "after-core");
            assertGoodOneFlows(bus, amqp, "after-amqp");
            // a browser may end before it has seen all of a long queue
            await("all that is odd, once")
                    .untilAsserted(() -> assertThat(setAside()).containsExactlyInAnyOrderElementsOf(numbers));
            await("what is good").until(() -> vendor.requests().size() >= numbers.size() + 3);
            assertThat(roomsAtTheVendor())
                    .hasSize(numbers.size() + 3)
                    .allSatisfy((room, count) -> assertThat(count).as(room).isEqualTo(1));
            assertThat(bus.rest().get("/lanes").json().at("/intakes/2/state").asText())
                    .isEqualTo("running");
        }
    }

    /** Its vendor gets all of it; so does one that was in the queue when the bus was started again. */
    @Test
    void tenMegabytesAreDeliveredWhole() throws Exception {
        String message = RestClient.JSON
                .createObjectNode()
                .put("vendor", "thulium")
                .put("operation", "send")
                .put("conversationId", "c1")
                .put("text", "x".repeat(10_000_000))
                .toString();
        try (RunningBus bus = start()) {
            for (JMSContext client : List.of(core(), amqp())) {
                try (client) {
                    BytesMessage bytes = client.createBytesMessage();
                    bytes.writeBytes(message.getBytes(StandardCharsets.UTF_8));
                    client.createProducer().send(client.createQueue(MESSAGES), bytes);
                }
            }
            await("both at the vendor").atMost(Duration.ofSeconds(30)).until(() -> delivered(bus) == 2);
        }
        assertThat(vendor.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.body().length()).isGreaterThan(10_000_000));
        try (RunningBus bus = start();
                JMSContext client = core();
                JMSConsumer consumer = client.createConsumer(client.createQueue(INVALID))) {
            assertThat(consumer.receive(500)).isNull();
            assertThat(delivered(bus)).isEqualTo(2);
        }
        assertThat(vendor.requests()).hasSize(2);
    }

    private static int delivered(RunningBus bus) throws IOException {
        return bus.rest()
                .get("/messages?state=delivered")
                .json()
                .path("messages")
                .size();
    }
}
