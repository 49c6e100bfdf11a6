package dev.switchboard.routes.operate;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was refused from the queue, with the embedded broker. */
@QuarkusTest
@TestProfile(BusProfile.class)
class InvalidRouteBusTest {

    @TestHTTPResource("/")
    URI base;

    private RestClient bus;
    private JMSContext jms;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
        jms = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + BusProfile.brokerPort()).createContext();
    }

    @AfterEach
    void disconnect() {
        jms.close();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private void put(Message message) {
        jms.createProducer().send(jms.createQueue("switchboard.messages"), message);
    }

    private Message take(String queue) {
        try (JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
            Message taken = consumer.receive(10_000);
            assertThat(taken).as("a message in " + queue).isNotNull();
            return taken;
        }
    }

    private JsonNode refused(String holding) {
        return await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> StreamSupport.stream(
                                        bus.get("/invalid-messages")
                                                .json()
                                                .path("messages")
                                                .spliterator(),
                                        false)
                                .filter(each -> each.path("text").asText().contains(holding))
                                .findFirst()
                                .orElse(MissingNode.getInstance()),
                        found -> found.has("id"));
    }

    private RestClient.Answer ofRefused(String id, String action, String body) {
        return bus.post("/invalid-messages/" + id + "/" + action, body);
    }

    @Test
    void whatWasRefusedIsCorrectedAndSentAgainOnce() throws JMSException {
        ObjectNode message = send(unique("again").substring(0, 30), "").put("id", unique("again"));
        TextMessage refused = jms.createTextMessage(message.toString());
        refused.setJMSReplyTo(jms.createQueue("answers-again"));
        refused.setJMSCorrelationID("its-own");
        put(refused);
        take("answers-again");
        JsonNode found = refused(message.path("id").asText());
        String id = found.path("id").asText();
        assertThat(found.path("reason").asText()).contains("text: ");
        assertThat(bus.get("/invalid-messages/" + id).json().path("text").asText())
                .isEqualTo(message.toString());
        assertThat(ofRefused(id, "send", "").status()).as("as it was").isEqualTo(422);
        assertThat(ofRefused(id, "send", "{").status()).isEqualTo(400);
        RestClient.Answer sent =
                ofRefused(id, "send", message.put("text", "corrected").toString());
        assertThat(sent.status()).as(sent.text()).isEqualTo(200);
        assertThat(bus.finished(message.path("id").asText()).path("text").asText())
                .isEqualTo("corrected");
        assertThat(take("answers-again").getJMSCorrelationID()).isEqualTo("its-own");
        assertThat(ofRefused(id, "send", message.toString()).status()).isEqualTo(404);
        assertThat(bus.get("/audit?operation=sendInvalidMessage")
                        .json()
                        .at("/entries/0/subject")
                        .asText())
                .contains(id);
    }

    @Test
    void whatWasRefusedIsDiscardedForGood() throws JMSException {
        String text = unique("no message");
        put(jms.createTextMessage(text));
        JsonNode found = refused(text);
        String id = found.path("id").asText();
        assertThat(ofRefused(id, "discard", "").status()).isEqualTo(200);
        assertThat(ofRefused(id, "discard", "").status()).isEqualTo(404);
        assertThat(bus.get("/invalid-messages/" + id).status()).isEqualTo(404);
        assertThat(bus.get("/invalid-messages/x'%20or%20'1'='1").status()).isEqualTo(404);
    }
}
