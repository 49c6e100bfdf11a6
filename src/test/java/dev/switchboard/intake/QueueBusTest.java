package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import dev.switchboard.store.Store;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages by JMS, with the embedded broker and clients over real sockets. */
@QuarkusTest
@TestProfile(BusProfile.class)
class QueueBusTest {

    private static final String MESSAGES = "switchboard.messages";
    private static final String INVALID = "switchboard.invalid";
    private static final List<String> SECRETS =
            List.of("sandbox-client-secret", "sandbox-token", "sandbox-password", "secret-chat-only");

    @TestHTTPResource("/")
    URI base;

    @Inject
    Store store;

    private RestClient bus;
    private JMSContext jms;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
        jms = artemis().createContext();
    }

    @AfterEach
    void disconnect() {
        jms.close();
    }

    private static ConnectionFactory artemis() {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + BusProfile.brokerPort());
    }

    private static ConnectionFactory amqp() {
        return new JmsConnectionFactory("amqp://127.0.0.1:" + BusProfile.brokerPort());
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private void put(Message message) {
        jms.createProducer().send(jms.createQueue(MESSAGES), message);
    }

    private static Message take(JMSContext from, String queue) {
        try (JMSConsumer consumer = from.createConsumer(from.createQueue(queue))) {
            Message taken = consumer.receive(10_000);
            assertThat(taken).as("a message in " + queue).isNotNull();
            return taken;
        }
    }

    /** Takes from a queue until the message with a certain text is there; others are of other tests. */
    private Message take(String queue, String holding) throws JMSException {
        Message taken = take(jms, queue);
        while (!body(taken).contains(holding)) {
            taken = take(jms, queue);
        }
        return taken;
    }

    private static String body(Message message) throws JMSException {
        return message instanceof BytesMessage
                ? new String(message.getBody(byte[].class), StandardCharsets.UTF_8)
                : message.getBody(String.class);
    }

    private static JsonNode json(Message message) throws JMSException {
        return new RestClient.Answer(0, java.net.http.HttpHeaders.of(java.util.Map.of(), (a, b) -> true), body(message))
                .json();
    }

    private JsonNode finishedOf(String conversation) {
        String path = "/messages?conversation=" + conversation;
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !bus.get(path).json().path("messages").isEmpty());
        return bus.finished(bus.get(path).json().at("/messages/0/id").asText());
    }

    /** Camel reads such headers whatever their case; a sender's would choose the host of a call or another queue. */
    @Test
    void noPropertyOfASenderActsAsOneOfCamels() throws JMSException {
        String conversation = unique("camel").substring(0, 30);
        TextMessage message = jms.createTextMessage(send(conversation, "x").toString());
        for (String name : List.of(
                "CAmelHttpUri", "camelHttpPath", "CaMelHttpMethod", "CAMELJmsDestinationName", "CAmelBeanMethodName")) {
            message.setStringProperty(name, "http://127.0.0.1:1/stolen");
        }
        put(message);
        assertThat(finishedOf(conversation).path("state").asText()).isEqualTo("delivered");
    }

    @Test
    void aTextIsTaken() throws JMSException {
        String conversation = unique("t").substring(0, 30);
        TextMessage message = jms.createTextMessage(send(conversation, "안녕 🙂").toString());
        put(message);
        JsonNode view = finishedOf(conversation);
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(view.path("text").asText()).isEqualTo("안녕 🙂");
        assertThat(view.at("/source/intake").asText()).isEqualTo("queue");
        assertThat(view.path("id").asText()).as("derived from the JMSMessageID").isEqualTo(message.getJMSMessageID());
    }

    @Test
    void bytesAreTakenAsUtf8() throws JMSException {
        String conversation = unique("b").substring(0, 30);
        BytesMessage message = jms.createBytesMessage();
        message.writeBytes(send(conversation, "안녕 🙂").toString().getBytes(StandardCharsets.UTF_8));
        put(message);
        assertThat(finishedOf(conversation).path("text").asText()).isEqualTo("안녕 🙂");
    }

    @Test
    void whoAsksForAReplyGetsTheOutcomeWithTheCorrelationId() throws JMSException {
        Queue replies = jms.createTemporaryQueue();
        Message message = jms.createTextMessage(send("reply", "x").toString());
        message.setJMSReplyTo(replies);
        message.setJMSCorrelationID("order-17");
        put(message);
        try (JMSConsumer consumer = jms.createConsumer(replies)) {
            Message reply = consumer.receive(10_000);
            assertThat(reply.getJMSCorrelationID()).isEqualTo("order-17");
            assertThat(json(reply).path("state").asText()).isEqualTo("delivered");
            assertThat(json(reply).path("id").asText()).isEqualTo(message.getJMSMessageID());
            assertThat(json(reply).path("attempts")).hasSize(1);
            assertThat(consumer.receive(300)).as("a second reply").isNull();
        }
    }

    @Test
    void withoutACorrelationIdTheReplyHasTheMessageId() throws JMSException {
        String replies = unique("replies");
        Message message = jms.createTextMessage(send("fail-700-reply", "x").toString());
        message.setJMSReplyTo(jms.createQueue(replies));
        put(message);
        Message reply = take(jms, replies);
        assertThat(reply.getJMSCorrelationID()).isEqualTo(message.getJMSMessageID());
        assertThat(json(reply).at("/failure/class").asText()).isEqualTo("gone");
    }

    @Test
    void theNameOfAReplyQueueIsOnlyAName() throws JMSException {
        String replies = unique("replies?deliveryMode=1&x=#y");
        try (JMSContext client = amqp().createContext()) {
            Message message = client.createTextMessage(send("reply", "x").toString());
            message.setJMSReplyTo(client.createQueue(replies));
            client.createProducer().send(client.createQueue(MESSAGES), message);
            assertThat(json(take(client, replies)).path("state").asText()).isEqualTo("delivered");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"a\":1e9999999999}",
                "{\"colour\":\"red\"}",
                "{\"vendor\":\"happytalk\",\"operation\":\"start\"}",
                "{\"vendor\":\"happytalk\",\"operation\":\"send\",\"customerId\":\"user-01\",\"conversationId\":\"r\",\"text\":\"x\","
                        + "\"expiresAt\":\"2016-12-31T23:59:61Z\"}",
                "안녕 🙂",
                " "
            })
    void whatIsNoMessageGoesAsideUntouchedWithTheReason(String start) throws JMSException {
        String body = start + " ".repeat(1 + start.length() % 3);
        TextMessage text = jms.createTextMessage(body);
        text.setStringProperty("sender", "shop");
        text.setJMSCorrelationID(unique("invalid"));
        put(text);
        Message aside = take(jms, INVALID);
        assertThat(aside).isInstanceOf(TextMessage.class);
        assertThat(body(aside)).isEqualTo(body);
        assertThat(aside.getStringProperty("reason")).isNotEmpty().doesNotContain("user-01");
        assertThat(aside.getStringProperty("sender")).isEqualTo("shop");
        assertThat(aside.getJMSCorrelationID()).isEqualTo(text.getJMSCorrelationID());
    }

    @Test
    void bytesThatAreNoMessageGoAsideUntouched() throws JMSException {
        byte[] bytes = {0, (byte) 0xff, (byte) 0xfe, '{', 17};
        BytesMessage message = jms.createBytesMessage();
        message.writeBytes(bytes);
        put(message);
        Message aside = take(jms, INVALID);
        assertThat(aside.getBody(byte[].class)).isEqualTo(bytes);
        assertThat(aside.getStringProperty("reason")).contains("JSON");
    }

    @Test
    void everyFaultStandsInTheReason() throws JMSException {
        put(jms.createTextMessage(
                send("r", "").put("customerId", "abcd").put("colour", "red").toString()));
        assertThat(take(jms, INVALID).getStringProperty("reason"))
                .contains("colour: ", "customerId: ", "text: ", "at least 5");
    }

    @Test
    void anEmptyOrOtherMessageGoesAside() throws JMSException {
        put(jms.createTextMessage());
        assertThat(take(jms, INVALID).getStringProperty("reason")).isNotEmpty();
        put(jms.createMessage());
        assertThat(take(jms, INVALID).getStringProperty("reason")).isNotEmpty();
        put(jms.createObjectMessage("text"));
        assertThat(take(jms, INVALID).getStringProperty("reason")).isNotEmpty();
    }

    @Test
    void anotherMessageOfTheSameIdIsInvalid() throws JMSException {
        ObjectNode message = send("conflict", "x").put("id", unique("conflict"));
        put(jms.createTextMessage(message.toString()));
        JsonNode view = bus.finished(message.path("id").asText());
        String other = message.put("text", "y").toString();
        put(jms.createTextMessage(other));
        Message aside = take(jms, INVALID);
        assertThat(body(aside)).isEqualTo(other);
        assertThat(aside.getStringProperty("reason"))
                .contains(message.path("id").asText());
        assertThat(bus.finished(message.path("id").asText())).isEqualTo(view);
    }

    @Test
    void aMessageThatComesAgainIsSentOnce() throws JMSException {
        ObjectNode message = send("again", "x").put("id", unique("again"));
        put(jms.createTextMessage(message.toString()));
        JsonNode view = bus.finished(message.path("id").asText());
        put(jms.createTextMessage(message.toString()));
        String marker = unique("m").substring(0, 30);
        put(jms.createTextMessage(send(marker, "x").toString()));
        finishedOf(marker);
        assertThat(bus.finished(message.path("id").asText())).isEqualTo(view);
        assertThat(view.path("attempts")).hasSize(1);
    }

    /** What a sender puts into the queue at once is kept in one commit, and yet each for itself. */
    private List<String> putAtOnce(String conversation) throws JMSException {
        List<String> ids = new ArrayList<>();
        try (JMSContext sender = artemis().createContext(JMSContext.SESSION_TRANSACTED)) {
            var producer = sender.createProducer();
            var queue = sender.createQueue(MESSAGES);
            for (int i = 0; i < 120; i++) {
                String id = conversation + "-" + i;
                ids.add(id);
                ObjectNode message = send(conversation, "n" + i).put("id", id);
                producer.send(queue, message.toString());
                if (i % 40 == 7) {
                    producer.send(queue, message.toString());
                    producer.send(queue, message.put("text", "other " + id).toString());
                    producer.send(queue, "no message " + id);
                }
            }
            sender.commit();
        }
        return ids;
    }

    private List<String> taken(String conversation) {
        List<String> ids = new ArrayList<>();
        bus.get("/messages?limit=500&conversation=" + conversation)
                .json()
                .path("messages")
                .forEach(message -> ids.add(0, message.path("id").asText()));
        return ids;
    }

    private List<String> aside(int count) throws JMSException {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(body(take(jms, INVALID)));
        }
        return bodies;
    }

    @Test
    void ofManyAtOnceEachIsTakenInOrderOrGoesAside() throws JMSException {
        String conversation = unique("many").substring(0, 30);
        List<String> ids = putAtOnce(conversation);
        bus.finished(ids.get(119));
        assertThat(taken(conversation)).isEqualTo(ids);
        assertThat(aside(6)).allMatch(body -> body.contains(conversation)).satisfies(bodies -> {
            assertThat(bodies).filteredOn(body -> body.startsWith("no message")).hasSize(3);
            assertThat(bodies).filteredOn(body -> body.contains("\"other ")).hasSize(3);
        });
    }

    @Test
    void whileTheStoreIsFullManyAtOnceAreHeldAndKeepTheirOrder() throws JMSException {
        String conversation = unique("full").substring(0, 30);
        store.limit(1);
        try {
            await().until(() ->
                    bus.post("/messages", send("full", "x").toString()).status() == 503);
            putAtOnce(conversation);
            await().during(Duration.ofMillis(1_500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> taken(conversation).isEmpty());
        } finally {
            store.limit(Long.MAX_VALUE);
        }
        bus.finished(conversation + "-119");
        assertThat(taken(conversation))
                .hasSize(120)
                .isEqualTo(IntStream.range(0, 120)
                        .mapToObj(i -> conversation + "-" + i)
                        .toList());
        assertThat(aside(6)).allMatch(body -> body.contains(conversation));
    }

    @Test
    void theTimeToLiveBecomesTheExpiry() throws JMSException {
        String conversation = unique("e").substring(0, 30);
        Message message = jms.createTextMessage(send(conversation, "x").toString());
        jms.createProducer().setTimeToLive(3_600_000).send(jms.createQueue(MESSAGES), message);
        JsonNode view = finishedOf(conversation);
        assertThat(Instant.parse(view.path("expiresAt").asText()).toEpochMilli())
                .isEqualTo(message.getJMSExpiration());
    }

    @Test
    void anAmqpClientCanSendAndGetsItsReply() throws JMSException {
        try (JMSContext client = amqp().createContext()) {
            Queue replies = client.createTemporaryQueue();
            Message message = client.createTextMessage(send("amqp", "안녕 🙂").toString());
            message.setJMSReplyTo(replies);
            client.createProducer().send(client.createQueue(MESSAGES), message);
            try (JMSConsumer consumer = client.createConsumer(replies)) {
                Message reply = consumer.receive(10_000);
                assertThat(reply).isNotNull();
                assertThat(json(reply).path("state").asText()).isEqualTo("delivered");
                assertThat(json(reply).path("text").asText()).isEqualTo("안녕 🙂");
            }
        }
    }

    @Test
    void amqpBytesAreTaken() throws JMSException {
        String conversation = unique("ab").substring(0, 30);
        try (JMSContext client = amqp().createContext()) {
            BytesMessage message = client.createBytesMessage();
            message.writeBytes(send(conversation, "x").toString().getBytes(StandardCharsets.UTF_8));
            client.createProducer().send(client.createQueue(MESSAGES), message);
        }
        assertThat(finishedOf(conversation).path("state").asText()).isEqualTo("delivered");
    }

    @Test
    void aMessageWithoutAnyIdIsInvalid() throws JMSException {
        try (JMSContext client = amqp().createContext()) {
            client.createProducer()
                    .setDisableMessageID(true)
                    .send(client.createQueue(MESSAGES), send("no-id", "x").toString());
            client.createProducer()
                    .setDisableMessageID(true)
                    .send(
                            client.createQueue(MESSAGES),
                            send("no-id", "x").put("id", unique("own")).toString());
        }
        assertThat(take(jms, INVALID).getStringProperty("reason")).contains("id");
        JsonNode withItsOwn = finishedOf("no-id");
        assertThat(withItsOwn.path("state").asText()).isEqualTo("delivered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "happytalk send fail-800 invalid",
                "happytalk send fail-500 unauthorized",
                "happytalk send fail-700 gone",
                "happytalk send fail-704 refused",
                "happytalk end http-503 unavailable",
                "happytalk send drop uncertain",
                "happytalk send garbage unmapped",
                "happytalk transcript fail-501 unauthorized",
                "thulium end fail-401 unauthorized",
                "thulium end fail-404-conversation gone",
            })
    void aDeadLetterComesOutOfItsQueueAndHoldsNoSecret(String words) throws JMSException {
        String[] word = words.split(" ", -1);
        String conversation = word[2] + "-" + UUID.randomUUID().toString().substring(0, 8);
        ObjectNode message = RestClient.JSON
                .createObjectNode()
                .put("vendor", word[0])
                .put("operation", word[1])
                .put("conversationId", conversation);
        if (word[0].equals("happytalk") && !word[1].equals("transcript")) {
            message.put("customerId", "user-01");
        }
        if (word[1].equals("send")) {
            message.put("text", "안녕");
        }
        String id = bus.submit(message).json().path("id").asText();
        Message dead = take("dead-letter." + word[0] + "." + word[3], conversation);
        assertThat(json(dead)).isEqualTo(bus.finished(id));
        assertThat(json(dead).at("/failure/class").asText()).isEqualTo(word[3]);
        assertThat(json(dead).path("attempts")).isNotEmpty();
        assertThat(dead.getJMSExpiration()).as("kept for seven days").isGreaterThan(0);
        String whole = body(dead) + properties(dead) + dead;
        assertThat(SECRETS).allSatisfy(secret -> assertThat(whole).doesNotContain(secret));
    }

    private static String properties(Message message) throws JMSException {
        var all = new StringBuilder();
        Enumeration<?> names = message.getPropertyNames();
        while (names.hasMoreElements()) {
            String name = (String) names.nextElement();
            all.append(name + "=" + message.getObjectProperty(name) + "\n");
        }
        return all.toString();
    }

    @Test
    void anExpiredMessageIsADeadLetterThatWasNeverSent() throws JMSException {
        ObjectNode message =
                send("expired", "x").put("expiresAt", "2026-01-01T00:00:00Z").put("id", unique("expired"));
        put(jms.createTextMessage(message.toString()));
        Message dead = take("dead-letter.happytalk.expired", message.path("id").asText());
        assertThat(json(dead).path("state").asText()).isEqualTo("dead");
        assertThat(json(dead).path("attempts")).isEmpty();
    }
}
