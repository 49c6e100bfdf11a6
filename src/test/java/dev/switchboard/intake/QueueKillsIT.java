package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An AMQP client sends messages without ids of their own, while the process that has the broker is killed again and again. */
@Order(1) // it takes long
class QueueKillsIT {

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int CONCURRENCY = 32;

    /** One of so many is followed by one that is no message. */
    private static final int ODD = 20;

    private static final Answer DONE = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");

    private final FakeVendor vendor = FakeVendor.start().answerBy(request -> DONE);

    @Test
    void whatAnAmqpClientSendsIsSentOnce() throws Exception {
        killWhileAClientSends(300, 2);
    }

    @Test
    @Tag("soak")
    void whatAnAmqpClientSendsIsSentOnceThroughManyKills() throws Exception {
        killWhileAClientSends(2_000, 20);
    }

    private void killWhileAClientSends(int messages, int kills) throws Exception {
        Path folder = RunningBus.newFolder("queue-kills");
        Map<String, String> settings = settings(freePort());
        RunningBus bus = RunningBus.start(folder, settings);
        try (vendor) {
            String broker = "failover:(amqp://127.0.0.1:" + settings.get("switchboard.broker.port")
                    + ")?failover.reconnectDelay=50&failover.maxReconnectDelay=200&failover.maxReconnectAttempts=-1";
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendAll(broker, messages));
            for (int kill = 1; kill <= kills; kill++) {
                // of those in flight at a kill, some never reach the vendor
                int sent = kill * (messages - kills * CONCURRENCY) / (kills + 1);
                await("request " + sent)
                        .atMost(LONGEST)
                        .until(() -> vendor.requests().size() >= sent);
                bus.kill();
                bus = RunningBus.start(folder, settings);
            }
            sender.join();
            RestClient rest = bus.rest();
            await("all messages")
                    .atMost(LONGEST)
                    .until(() -> list(rest, "delivered").size()
                                    + list(rest, "uncertain").size()
                            >= messages);
            compare(list(rest, "delivered"), list(rest, "uncertain"), messages);
            assertThat(invalid(broker, kills)).isEqualTo(messages / ODD);
        } finally {
            bus.close();
        }
    }

    /** The broker recognises what comes again by its message-id and content. */
    @Test
    @Tag("soak")
    void aBrokerOfOnesOwnGetsWhatIsNoMessageOnce() throws Exception {
        Path folder = RunningBus.newFolder("queue-kills-moves");
        int port = freePort();
        EmbeddedActiveMQ broker = startBroker(folder, port);
        Map<String, String> settings = settings(port);
        settings.put("switchboard.broker.url", "tcp://127.0.0.1:" + port);
        RunningBus bus = RunningBus.start(folder, settings);
        try (vendor) {
            int messages = 4_000;
            CompletableFuture<Void> sender =
                    CompletableFuture.runAsync(() -> sendOdd("amqp://127.0.0.1:" + port, messages));
            for (int kill = 1; kill <= 6; kill++) {
                int moved = kill * messages / 8;
                await("message " + moved).atMost(LONGEST).until(() -> moved(broker) >= moved);
                bus.kill();
                bus = RunningBus.start(folder, settings);
            }
            sender.join();
            await("all messages").atMost(LONGEST).until(() -> moved(broker) >= messages);
            assertThat(invalid("amqp://127.0.0.1:" + port, 0)).isEqualTo(messages);
        } finally {
            bus.close();
            broker.stop();
        }
    }

    private static EmbeddedActiveMQ startBroker(Path folder, int port) throws Exception {
        var configuration = new ConfigurationImpl();
        configuration.setSecurityEnabled(false);
        configuration.setPersistenceEnabled(false);
        configuration.setBrokerInstance(folder.toFile());
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port + "?protocols=CORE,AMQP");
        return new EmbeddedActiveMQ().setConfiguration(configuration).start();
    }

    private static long moved(EmbeddedActiveMQ broker) {
        var invalid = broker.getActiveMQServer().locateQueue("switchboard.invalid");
        return invalid == null ? 0 : invalid.getMessageCount();
    }

    private static void sendOdd(String broker, int messages) {
        try (JMSContext client = new JmsConnectionFactory(broker).createContext()) {
            for (int i = 0; i < messages; i++) {
                client.createProducer()
                        .setProperty("number", i)
                        .send(client.createQueue("switchboard.messages"), client.createTextMessage("no JSON"));
            }
        }
    }

    private static Map<String, String> settings(int port, FakeVendor vendor) {
        String account = "switchboard.vendors.happytalk.accounts.default.";
        return new HashMap<>(Map.of(
                account + "biz-url",
                vendor.url(),
                account + "client-id",
                "id",
                account + "client-secret",
                "secret",
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                "" + port));
    }

    private Map<String, String> settings(int port) {
        return settings(port, vendor);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void sendAll(String broker, int messages) {
        try (JMSContext client = new JmsConnectionFactory(broker).createContext()) {
            for (int i = 0; i < messages; i++) {
                client.createProducer()
                        .send(
                                client.createQueue("switchboard.messages"),
                                send("room-" + i, "x").toString());
                if (i % ODD == 0) {
                    client.createProducer()
                            .setProperty("number", i)
                            .send(client.createQueue("switchboard.messages"), client.createMapMessage());
                }
            }
        }
    }

    /** Returns how many different messages are in {@code switchboard.invalid}. */
    private static int invalid(String broker, int kills) throws JMSException {
        Set<Integer> numbers = new HashSet<>();
        int all = 0;
        try (JMSContext client = new JmsConnectionFactory(broker).createContext();
                JMSConsumer consumer = client.createConsumer(client.createQueue("switchboard.invalid"))) {
            for (Message next = consumer.receive(1_000); next != null; next = consumer.receive(1_000)) {
                numbers.add(next.getIntProperty("number"));
                all++;
            }
        }
        // the client sends again what it got no answer for at a kill
        assertThat(all).isLessThanOrEqualTo(numbers.size() + kills);
        return numbers.size();
    }

    private static List<JsonNode> list(RestClient rest, String state) {
        List<JsonNode> found = new ArrayList<>();
        String after = "";
        do {
            JsonNode page =
                    rest.get("/messages?limit=1000&state=" + state + after).json();
            page.path("messages").forEach(found::add);
            after = page.has("next") ? "&after=" + page.path("next").asText() : "";
        } while (!after.isEmpty());
        return found;
    }

    private void compare(List<JsonNode> delivered, List<JsonNode> uncertain, int messages) {
        assertThat(delivered.size() + uncertain.size()).isEqualTo(messages);
        Map<String, Long> requests = vendor.requests().stream()
                .map(request -> {
                    try {
                        return RestClient.JSON
                                .readTree(request.body())
                                .path("room_id")
                                .asText();
                    } catch (IOException e) {
                        throw new AssertionError(request.body(), e);
                    }
                })
                .collect(groupingBy(room -> room, counting()));
        assertThat(requests)
                .allSatisfy((room, count) -> assertThat(count).as(room).isEqualTo(1));
        assertThat(delivered)
                .allSatisfy(message -> assertThat(requests)
                        .containsKey(message.path("conversationId").asText()));
    }
}
