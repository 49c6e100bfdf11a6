package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;

/** Events as those see them who receive them, a kill of the bus between two tries included. */
class EventsIT {

    private static final byte[] KEY = "a key of thirty-two bytes, no more".getBytes(StandardCharsets.US_ASCII);
    private static final String LINE = "{\"vendor\":\"kakao\",\"operation\":\"start\",\"extra\":\"ref=1\"}\n";

    private static Map<String, String> settings(FakeVendor receiver, int brokerPort) {
        return Map.of(
                "switchboard.vendors.kakao.accounts.default.channel",
                "@shop",
                "switchboard.vendors.kakao.accounts.default.call",
                "none",
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                Integer.toString(brokerPort),
                "switchboard.events.webhook.url",
                receiver.url() + "/hooks",
                "switchboard.events.webhook.secret",
                "whsec_" + Base64.getEncoder().encodeToString(KEY));
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void drop(RunningBus bus) throws Exception {
        Path inbox = bus.file("inbox").toPath();
        Files.writeString(inbox.resolve("orders.jsonl.part"), LINE);
        Files.move(inbox.resolve("orders.jsonl.part"), inbox.resolve("orders.jsonl"));
        Files.createFile(inbox.resolve("orders.jsonl.done"));
    }

    private static String header(Request request, String name) {
        return request.header(name).orElseThrow();
    }

    private static String signature(Request request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        String signed =
                header(request, "webhook-id") + "." + header(request, "webhook-timestamp") + "." + request.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFinishedBatchIsToldByJmsAndBySignedWebhookThoughTheBusIsKilled() throws Exception {
        try (FakeVendor receiver = FakeVendor.start().answerBy(request -> Answer.of(500))) {
            Map<String, String> settings = settings(receiver, freePort());
            Path folder = RunningBus.newFolder("events");
            String heard;
            try (RunningBus bus = RunningBus.start(folder, settings);
                    JMSContext jms = new ActiveMQConnectionFactory(
                                    "tcp://127.0.0.1:" + settings.get("switchboard.broker.port"))
                            .createContext();
                    JMSConsumer events = jms.createConsumer(jms.createTopic("switchboard.events"))) {
                drop(bus);
                Message event = events.receive(20_000);
                assertThat(event).isNotNull();
                heard = event.getStringProperty("eventId");
                assertThat(RestClient.JSON
                                .readTree(event.getBody(String.class))
                                .path("event")
                                .asText())
                        .isEqualTo("batch-finished");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !receiver.requests().isEmpty());
                bus.kill();
            }
            int before = receiver.requests().size();
            receiver.answerBy(request -> Answer.of(204));
            try (RunningBus bus = RunningBus.start(folder, settings)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> receiver.requests().size() > before);
                assertThat(bus.isAlive()).isTrue();
            }
            List<Request> requests = receiver.requests();
            for (Request request : requests) {
                assertThat(header(request, "webhook-id")).isEqualTo(heard);
                assertThat(header(request, "webhook-signature")).isEqualTo(signature(request));
                assertThat(request.path()).isEqualTo("/hooks");
                assertThat(RestClient.JSON.readTree(request.body()).path("name").asText())
                        .isEqualTo("orders.jsonl");
            }
            assertThat(requests).hasSize(before + 1);
        }
    }

    @Test
    void aFloodOfDeadLettersIsToldOnceAndAFileThatStopsWithItsReason() throws Exception {
        var settings = new java.util.HashMap<String, String>(
                Map.of("switchboard.sandbox.enabled", "true", "switchboard.events.dead-letters-per-minute", "3"));
        try (FakeVendor receiver = FakeVendor.start().answerBy(request -> Answer.of(204))) {
            settings.put("switchboard.events.webhook.url", receiver.url());
            settings.put(
                    "switchboard.events.webhook.secret",
                    "whsec_" + Base64.getEncoder().encodeToString(KEY));
            try (RunningBus bus = RunningBus.start(RunningBus.newFolder("flood"), settings)) {
                for (int i = 0; i < 20; i++) {
                    bus.rest()
                            .post(
                                    "/messages",
                                    "{\"vendor\":\"happytalk\",\"operation\":\"send\",\"text\":\"Hello\","
                                            + "\"customerId\":\"anna-1\",\"conversationId\":\"fail-700\"}");
                }
                await().until(() ->
                        bus.rest().get("/dead-letters").json().path("messages").size() == 20);
                await().until(() -> !receiver.requests().isEmpty());
                assertThat(receiver.requests()).hasSize(1);
                assertThat(event(receiver, 0).path("event").asText()).isEqualTo("dead-letters-above-rate");
                bus.rest().post("/batches?name=orders.csv", "vendor,colour\nkakao,red\n");
                await().until(() -> receiver.requests().size() == 2);
            }
            JsonNode stopped = event(receiver, 1);
            assertThat(stopped.path("event").asText()).isEqualTo("batch-stopped");
            assertThat(stopped.path("name").asText()).isEqualTo("orders.csv");
            assertThat(stopped.path("reason").asText()).contains("line 1", "colour");
        }
    }

    private static JsonNode event(FakeVendor receiver, int number) throws Exception {
        return RestClient.JSON.readTree(receiver.requests().get(number).body());
    }
}
