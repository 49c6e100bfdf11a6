package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.StreamMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients can put into the queue that is no message: it goes to {@code switchboard.invalid} once, and what is behind it is taken at once. */
@QuarkusTest
@TestProfile(BusProfile.class)
class OddMessagesBusTest {

    private static final String MESSAGES = "switchboard.messages";
    private static final String INVALID = "switchboard.invalid";
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final byte TEXT = org.apache.activemq.artemis.api.core.Message.TEXT_TYPE;
    private static final AtomicInteger MADE = new AtomicInteger();

    @TestHTTPResource("/")
    URI base;

    private RestClient bus;
    private JMSContext core;
    private JMSContext amqp;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
        core = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + BusProfile.brokerPort()).createContext();
        amqp = amqp().createContext();
        while (take(core, INVALID, 50) != null) {
            // of other tests
        }
    }

    @AfterEach
    void disconnect() {
        core.close();
        amqp.close();
    }

    private static ConnectionFactory amqp() {
        return new JmsConnectionFactory("amqp://127.0.0.1:" + BusProfile.brokerPort());
    }

    private JMSContext client(String protocol) {
        return protocol.equals("core") ? core : amqp;
    }

    private static Message take(JMSContext client, String queue, long millis) {
        try (JMSConsumer consumer = client.createConsumer(client.createQueue(queue))) {
            return consumer.receive(millis);
        }
    }

    private static void put(JMSContext client, Message message) {
        client.createProducer().send(client.createQueue(MESSAGES), message);
    }

    private static String unique() {
        return "odd-" + UUID.randomUUID().toString().substring(0, 20);
    }

    private void assertDelivered(String id) {
        await().atMost(AT_ONCE)
                .until(() ->
                        bus.get("/messages/" + id).json().path("state").asText().equals("delivered"));
    }

    /** Sends an odd message and a good one behind it; returns what came to {@code switchboard.invalid}. */
    private Message setAside(JMSContext client, Message odd) throws JMSException {
        String behind = unique();
        put(client, odd);
        put(client, client.createTextMessage(send("room", "x").put("id", behind).toString()));
        assertDelivered(behind);
        Message aside = take(core, INVALID, 5_000);
        assertThat(aside).isNotNull();
        assertThat(aside.getStringProperty("reason")).isNotBlank();
        assertThat(take(core, INVALID, 100)).as("it comes once").isNull();
        return aside;
    }

    /** A class of a sender's: to read one would run its code. */
    static final class Own implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            MADE.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void aMapIsSetAsideAsItCame(String protocol) throws JMSException {
        MapMessage map = client(protocol).createMapMessage();
        map.setString("id", "q-map");
        map.setInt("number", 7);
        Message aside = setAside(client(protocol), map);
        assertThat(aside).isInstanceOf(MapMessage.class);
        assertThat(((MapMessage) aside).getString("id")).isEqualTo("q-map");
        assertThat(aside.getStringProperty("reason")).contains("MapMessage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void aStreamIsSetAsideAsItCame(String protocol) throws JMSException {
        StreamMessage stream = client(protocol).createStreamMessage();
        stream.writeString("{}");
        Message aside = setAside(client(protocol), stream);
        assertThat(((StreamMessage) aside).readString()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void anObjectIsSetAsideAndNeverRead(String protocol) throws JMSException {
        for (Serializable object :
                List.of(new HashMap<>(Map.of("a", 1)), new ArrayList<>(List.of("a")), 7, new Own())) {
            ObjectMessage message = client(protocol).createObjectMessage(object);
            assertThat(setAside(client(protocol), message)).isInstanceOf(ObjectMessage.class);
        }
        assertThat(MADE).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void whatIsEmptyIsSetAside(String protocol) throws JMSException {
        JMSContext client = client(protocol);
        setAside(client, client.createTextMessage());
        setAside(client, client.createTextMessage(""));
        setAside(client, client.createBytesMessage());
        setAside(client, client.createMessage());
    }

    @ParameterizedTest
    @CsvSource({"core, UTF-16LE", "core, EUC-KR", "core, UTF-32", "amqp, UTF-16", "amqp, EUC-KR"})
    void anotherCharacterSetIsNamedInTheReason(String protocol, String charset) throws Exception {
        BytesMessage bytes = client(protocol).createBytesMessage();
        bytes.writeBytes(send("room", "안녕하세요").toString().getBytes(charset));
        Message aside = setAside(client(protocol), bytes);
        assertThat(aside.getStringProperty("reason")).contains("UTF-8");
        assertThat(((BytesMessage) aside).getBodyLength()).isPositive();
    }

    @Test
    void bytesThatArePackedAreNamedInTheReason() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(send("room", "x").toString().getBytes(StandardCharsets.UTF_8));
        }
        BytesMessage bytes = core.createBytesMessage();
        bytes.writeBytes(packed.toByteArray());
        assertThat(setAside(core, bytes).getStringProperty("reason")).contains("gzip");
    }

    @ParameterizedTest
    @CsvSource({"core, true", "core, false", "amqp, true", "amqp, false"})
    void aByteOrderMarkIsPassedOver(String protocol, boolean asBytes) throws JMSException {
        String id = unique();
        String text = "\uFEFF" + send("room", "x").put("id", id);
        if (asBytes) {
            BytesMessage bytes = client(protocol).createBytesMessage();
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            put(client(protocol), bytes);
        } else {
            put(client(protocol), client(protocol).createTextMessage(text));
        }
        assertDelivered(id);
    }

    /** Brokers treat what is over 100 KiB in another way. */
    @ParameterizedTest
    @CsvSource({"core, 103000", "core, 1000000", "amqp, 103000", "amqp, 1000000"})
    void largeOnesAreDelivered(String protocol, int length) throws JMSException {
        ObjectNode message = RestClient.JSON
                .createObjectNode()
                .put("id", unique())
                .put("vendor", "thulium")
                .put("operation", "send")
                .put("conversationId", "c1")
                .put("text", "x".repeat(length));
        BytesMessage bytes = client(protocol).createBytesMessage();
        bytes.writeBytes(message.toString().getBytes(StandardCharsets.UTF_8));
        put(client(protocol), bytes);
        assertThat(bus.finished(message.path("id").asText()).path("state").asText())
                .isEqualTo("delivered");
        put(
                client(protocol),
                client(protocol).createTextMessage(message.put("id", unique()).toString()));
        assertThat(bus.finished(message.path("id").asText()).path("state").asText())
                .isEqualTo("delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void oneThatIsTooLargeIsSetAsideWithTheReason(String protocol) throws JMSException {
        byte[] body = new byte[(16 << 20) + 1];
        BytesMessage bytes = client(protocol).createBytesMessage();
        bytes.writeBytes(body);
        Message aside = setAside(client(protocol), bytes);
        assertThat(aside.getStringProperty("reason")).contains(body.length + " bytes");
        assertThat(((BytesMessage) aside).getBodyLength()).isEqualTo(body.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void aLargeOneThatIsNoMessageIsSetAsideWhole(String protocol) throws JMSException {
        byte[] body = "no JSON ".repeat(40_000).getBytes(StandardCharsets.UTF_8);
        BytesMessage bytes = client(protocol).createBytesMessage();
        bytes.writeBytes(body);
        put(client(protocol), bytes);
        try (JMSConsumer consumer = core.createConsumer(core.createQueue(INVALID))) {
            Message aside = consumer.receive(5_000);
            assertThat(aside.getBody(byte[].class)).isEqualTo(body);
            assertThat(aside.getStringProperty("reason")).isNotBlank();
        }
    }

    static List<Section> bodiesOfAmqp() {
        return List.of(
                new AmqpValue(Map.of("a", Map.of("b", 1))),
                new AmqpValue(Map.of("a", List.of(1, 2))),
                new AmqpValue(List.of(UnsignedInteger.valueOf(1), "a", Map.of("b", 1))),
                new AmqpValue(List.of("a", 1L)),
                new AmqpSequence(List.of(1, "2", UnsignedInteger.valueOf(3))),
                new AmqpValue(null),
                new AmqpValue(true),
                new AmqpValue(7),
                new AmqpValue(7.5),
                new AmqpValue(UnsignedInteger.valueOf(7)),
                new AmqpValue(UUID.randomUUID()),
                new AmqpValue(Symbol.valueOf("symbol")),
                new AmqpValue(new Binary(new byte[] {0, 1, -1})),
                new AmqpValue('c'),
                new Data(new Binary(new byte[] {0, 1, -1})),
                new Data(new Binary(new byte[0])));
    }

    @ParameterizedTest
    @MethodSource("bodiesOfAmqp")
    void aBodyOfAmqpThatIsNoMessageIsSetAside(Section body) throws Exception {
        JmsMessage message = (JmsMessage) amqp.createMessage();
        Method setBody = AmqpJmsMessageFacade.class.getDeclaredMethod("setBody", Section.class);
        setBody.setAccessible(true);
        setBody.invoke(message.getFacade(), body);
        setAside(amqp, message);
    }

    private static RawAmqp raw() throws IOException {
        return new RawAmqp(Integer.parseInt(BusProfile.brokerPort()), MESSAGES);
    }

    static List<Section> bodiesThatJmsLacks() {
        return List.of(
                new AmqpValue(Map.of("a", Map.of("b", 1))),
                new AmqpValue(List.of(List.of(1), UUID.randomUUID())),
                new AmqpSequence(List.of(Map.of("a", 1))));
    }

    @ParameterizedTest
    @MethodSource("bodiesThatJmsLacks")
    void aBodyThatJmsHasNoFormForGetsAReplyToo(Section body) throws Exception {
        byte[] correlation = {1, 2, -1};
        Properties properties = properties("reply-" + UUID.randomUUID());
        properties.setCorrelationId(new Binary(correlation));
        try (var raw = raw()) {
            raw.send(properties, body);
        }
        Message reply = take(amqp, properties.getReplyTo(), 5_000);
        assertThat(reply.getJMSCorrelationIDAsBytes()).isEqualTo(correlation);
        assertThat(reply.getBody(String.class)).contains("\"status\":400", "AMQP value");
        Message aside = take(core, INVALID, 5_000);
        assertThat(aside.getBody(String.class))
                .startsWith(body instanceof AmqpValue value && value.getValue() instanceof Map ? "{" : "[");
        assertThat(aside.getStringProperty("reason")).contains("AMQP value");
        assertThat(take(core, INVALID, 100)).isNull();
    }

    private static Properties properties(@Nullable String replyTo) {
        var properties = new Properties();
        properties.setMessageId(UUID.randomUUID());
        properties.setReplyTo(replyTo);
        return properties;
    }

    /** The broker cannot turn some of them into what JMS knows, and would stop the queue at such a message. */
    @Test
    @SuppressWarnings("JavaUtilDate") // what AMQP's timestamps are in Java
    void propertiesOfAmqpOfAnyTypeChangeNothing() throws Exception {
        String id = unique();
        Properties properties = properties("reply-" + UUID.randomUUID());
        Map<String, Object> odd = new HashMap<>(Map.of("date", new Date(1), "uuid", UUID.randomUUID(), "char", 'c'));
        odd.putAll(Map.of("list", List.of(1), "map", Map.of("a", 1), "long", UnsignedLong.valueOf(-1), "", "x"));
        odd.putAll(Map.of("JMSXGroupSeq", "x", "_AMQ_SCHED_DELIVERY", "soon", "JMSReplyTo", 7));
        try (var raw = raw()) {
            raw.send(
                    new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-delivery-time"), "soon")),
                    properties,
                    new ApplicationProperties(odd),
                    new AmqpValue(send("room", "x").put("id", id).toString()));
        }
        assertDelivered(id);
        assertThat(take(core, properties.getReplyTo(), 5_000).getBody(String.class))
                .contains(id);
    }

    @Test
    void oneThatIsNestedTooDeepIsRefusedToItsSender() throws Exception {
        Object nested = 1;
        for (int depth = 0; depth < 1_200; depth++) {
            nested = List.of(nested);
        }
        Section body = new AmqpValue(nested);
        try (var raw = raw()) {
            assertThatThrownBy(() -> raw.send(body)).hasMessageContaining("nested too deep");
            String id = unique();
            raw.send(
                    properties(null),
                    new AmqpValue(send("room", "x").put("id", id).toString()));
            assertDelivered(id);
        }
    }

    /** The broker would drop it, and no one would hear of it. */
    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    @SuppressWarnings("JavaUtilDate") // what AMQP's timestamps are in Java
    void oneThatIsNotTakenWithinItsTimeIsSetAside(String protocol) throws Exception {
        String queue = "reply-" + UUID.randomUUID();
        if (protocol.equals("core")) {
            try (JMSContext sender = core.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
                Message late = sender.createTextMessage(send("room", "x").toString());
                late.setJMSReplyTo(sender.createQueue(queue));
                late.setLongProperty("_AMQ_SCHED_DELIVERY", System.currentTimeMillis() + 100);
                sender.createProducer().setTimeToLive(1).send(sender.createQueue(MESSAGES), late);
            }
        } else {
            Properties properties = properties(queue);
            properties.setAbsoluteExpiryTime(new Date(1_000));
            try (var raw = raw()) {
                raw.send(properties, new AmqpValue(send("room", "x").toString()));
            }
        }
        assertThat(take(core, INVALID, 10_000).getStringProperty("reason")).contains("time to live");
        assertThat(take(core, queue, 5_000).getBody(String.class)).contains("time to live");
        assertThat(take(core, INVALID, 100)).isNull();
    }

    @Test
    void aReplyAddressThatIsNoneIsNamed() throws Exception {
        try (var raw = raw()) {
            for (String replyTo : List.of(
                    "",
                    MESSAGES,
                    INVALID,
                    MESSAGES + "::" + MESSAGES,
                    INVALID + "::" + INVALID,
                    "mine::" + MESSAGES,
                    "/queue/" + MESSAGES,
                    "queue:" + MESSAGES,
                    "temp-topic://mine",
                    " " + MESSAGES,
                    "switchboard.events",
                    "dead-letter.happytalk.invalid",
                    "activemq.management",
                    "mine.#",
                    "mine::",
                    "mine\n",
                    "m".repeat(256))) {
                raw.send(properties(replyTo), new AmqpValue(send("room", "x").toString()));
                assertThat(take(core, INVALID, 5_000).getStringProperty("reason"))
                        .as(replyTo)
                        .contains("reply address");
            }
        }
        assertThat(take(core, INVALID, 100)).isNull();
    }

    /** At some of them the broker would drop its consumer, at others the client would throw each time. */
    @Test
    void propertiesThatBrokersReadForThemselvesChangeNothing() throws Exception {
        byte[] bytes = {1, 2};
        List<Map<String, Object>> reserved = List.of(
                Map.of("_AMQ_GROUP_ID", bytes),
                Map.of("_AMQ_ROUTE_TO", "abc"),
                Map.of("_AMQ_BRIDGE_DUP", 7),
                Map.of("_AMQ_LARGE_COMPRESSED", 1),
                Map.of("_AMQ_LARGE_SIZE", bytes),
                Map.of("_AMQ_SCHED_DELIVERY", true, "NATIVE_MESSAGE_ID", bytes),
                Map.of("JMSType", bytes, "JMSExpiration", "soon", "JMSReplyTo", true));
        List<String> good = new ArrayList<>();
        try (var raw = raw();
                var session = new CoreClient(BusProfile.brokerPort())) {
            for (Map<String, Object> each : reserved) {
                var properties = new HashMap<String, Object>(each);
                properties.replaceAll((name, value) -> value instanceof byte[] array ? new Binary(array) : value);
                for (String text : texts(good)) {
                    raw.send(properties(null), new ApplicationProperties(properties), new AmqpValue(text));
                }
                for (String text : texts(good)) {
                    session.send(TEXT, message -> {
                        each.forEach(message::putObjectProperty);
                        TextMessageUtil.writeBodyText(message.getBodyBuffer(), SimpleString.of(text));
                    });
                }
            }
            raw.send(properties(null), new ApplicationProperties(Map.of("_AMQ_LARGE_COMPRESSED", true)), data("x"));
        }
        good.forEach(this::assertDelivered);
        try (JMSConsumer invalid = amqp.createConsumer(amqp.createQueue(INVALID))) {
            for (int i = 0; i < good.size() + 1; i++) {
                // what is there has to be readable for clients of AMQP too
                assertThat(invalid.receive(5_000).getStringProperty("reason")).contains("not JSON");
            }
            assertThat(invalid.receive(100)).isNull();
        }
    }

    /** Returns a good message, whose id it notes, and one that is none. */
    private static List<String> texts(List<String> ids) {
        String id = unique();
        ids.add(id);
        return List.of(send("room", "x").put("id", id).toString(), "no JSON");
    }

    private static Data data(String text) {
        return new Data(new Binary(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without JMS, a sender can say that a body is of a type that it is not. */
    @Test
    void bodiesThatAreNotOfTheirTypeAreSetAside() throws Exception {
        try (var session = new CoreClient(BusProfile.brokerPort());
                JMSConsumer invalid = core.createConsumer(core.createQueue(INVALID))) {
            for (String odd : List.of(
                    "3:",
                    "3:7f7f7f7f7f",
                    "5:",
                    "5:017f7f7f7f",
                    "5:0100000001",
                    "2:",
                    "2:7f7f7f7f7f",
                    "99:00",
                    "-1:00")) {
                byte type = Byte.parseByte(odd.split(":", 2)[0]);
                byte[] body = HexFormat.of().parseHex(odd.split(":", 2)[1]);
                for (boolean packed : new boolean[] {false, true}) {
                    session.send(type, message -> {
                        message.getBodyBuffer().writeBytes(body);
                        message.putBooleanProperty("_AMQ_LARGE_COMPRESSED", packed);
                    });
                    Message aside = invalid.receive(5_000);
                    assertThat(aside.getStringProperty("reason")).as(odd).contains("type");
                    assertThat(((BytesMessage) aside).getBodyLength()).isEqualTo(body.length);
                }
            }
        }
        String behind = unique();
        put(core, core.createTextMessage(send("room", "x").put("id", behind).toString()));
        assertDelivered(behind);
    }

    @Test
    void whatACoreClientPacksIsRead() throws JMSException {
        var factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + BusProfile.brokerPort());
        factory.setCompressLargeMessage(true);
        factory.setMinLargeMessageSize(1_000);
        try (JMSContext client = factory.createContext()) {
            for (String text : List.of("x".repeat(2_000), noise(200_000))) {
                ObjectNode message = send("c1", text).put("id", unique()).put("vendor", "thulium");
                message.remove("customerId");
                put(client, client.createTextMessage(message.toString()));
                assertDelivered(message.path("id").asText());
                setAside(client, client.createTextMessage(text));
            }
        }
    }

    private static String noise(int length) {
        return new Random(5)
                .ints(length, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The queue can be named within its address; its first part alone is what the bus knows it by. */
    @Test
    void theQueueCanBeNamedWithinItsAddress() throws Exception {
        String id = unique();
        try (var raw = new RawAmqp(Integer.parseInt(BusProfile.brokerPort()), MESSAGES + "::" + MESSAGES)) {
            raw.send(
                    properties(null),
                    new ApplicationProperties(Map.of("list", List.of(1))),
                    new AmqpValue(send("room", "x").put("id", id).toString()));
        }
        assertDelivered(id);
    }

    /** The broker would drop it, or share what comes later between this and the other queue. */
    @Test
    void whatIsForATopicOrAnotherQueueAtThisAddressIsRefusedToItsSender() throws Exception {
        for (String address : List.of(MESSAGES + "::other", "topic://" + MESSAGES)) {
            assertThatThrownBy(() -> core.createProducer()
                            .send(
                                    address.startsWith("topic")
                                            ? core.createTopic(MESSAGES)
                                            : core.createQueue(address),
                                    "x"))
                    .isInstanceOf(JMSRuntimeException.class);
        }
        assertThatThrownBy(() -> amqp.createProducer().send(amqp.createTopic(MESSAGES), "x"))
                .isInstanceOf(JMSRuntimeException.class);
        for (int i = 0; i < 2; i++) {
            String id = unique();
            put(amqp, amqp.createTextMessage(send("room", "x").put("id", id).toString()));
            assertDelivered(id);
        }
    }

    /** A bus with little memory could not read it, would end, and meet it again after its start. */
    @Test
    void whatNoMemoryHoldsIsRefusedToItsSender() {
        for (JMSContext client : List.of(core, amqp)) {
            Message large = client.createTextMessage("x".repeat(18 << 20));
            assertThatThrownBy(() -> put(client, large)).hasMessageContaining("too large");
        }
    }

    @Test
    void severalDataSectionsAreOneBody() throws IOException {
        String id = unique();
        byte[] body = send("방", "여러 조각").put("id", id).toString().getBytes(StandardCharsets.UTF_8);
        try (var raw = raw()) {
            // the second begins within a character
            int at = new String(body, StandardCharsets.UTF_8).indexOf("방") + 1;
            raw.send(data(body, 0, at), data(body, at, at + 1), data(body, at + 1, body.length));
            assertDelivered(id);
            assertThat(bus.get("/messages/" + id).json().path("conversationId").asText())
                    .isEqualTo("방");
            byte[] large = new byte[400_000];
            assertThatThrownBy(() -> raw.send(new Data(new Binary(large)), new Data(new Binary(large))))
                    .hasMessageContaining("several data sections");
        }
    }

    /** Of the first alone, the message would be a good one. */
    @Test
    void severalDataSectionsThatAreNoMessageAreSetAsideWhole() throws Exception {
        byte[] body = send("room", "x").put("id", unique()).toString().getBytes(StandardCharsets.UTF_8);
        try (var raw = raw()) {
            raw.send(data(body, 0, body.length), data(body, 0, body.length));
        }
        Message aside = take(core, INVALID, 5_000);
        assertThat(aside.getBody(byte[].class)).hasSize(2 * body.length);
        assertThat(aside.getStringProperty("reason")).isNotBlank();
        assertThat(take(core, INVALID, 100)).isNull();
    }

    private static Data data(byte[] bytes, int from, int to) {
        return new Data(new Binary(bytes, from, to - from));
    }

    @Test
    void propertiesOfASenderChangeNothing() throws JMSException {
        for (String name : List.of(
                "CamelJmsDestinationName", "cameljmsdestinationname", "CAMELJmsDestination", "Jmsdestination")) {
            Message odd = core.createTextMessage("no JSON");
            odd.setStringProperty(name, "elsewhere");
            odd.setStringProperty("CamelJmsRequestTimeout", "x");
            setAside(core, odd);
            assertThat(take(core, "elsewhere", 50)).isNull();
            String id = unique();
            Message good =
                    core.createTextMessage(send("room", "x").put("id", id).toString());
            good.setStringProperty(name, "elsewhere");
            put(core, good);
            assertDelivered(id);
        }
    }

    /** Sends by AMQP with a message-id of the sender's own. */
    private static void putWithId(Object messageId, String... bodies) {
        var factory = MessageIds.fixed("amqp://127.0.0.1:" + BusProfile.brokerPort(), messageId);
        try (JMSContext client = factory.createContext()) {
            for (String body : bodies) {
                client.createProducer().send(client.createQueue(MESSAGES), body);
            }
        }
    }

    private JsonNode messagesOf(String conversation) {
        return bus.get("/messages?conversation=" + conversation).json().path("messages");
    }

    @Test
    void theSameAmqpMessageIdIsOneMessage() throws JMSException {
        String room = unique();
        String id = unique();
        String text = send(room, "x").toString();
        putWithId(id, text, text);
        putWithId(id, text);
        putWithId(id, send(room, "another").toString());
        Message aside = take(core, INVALID, 5_000);
        assertThat(aside.getBody(String.class)).contains("another");
        assertThat(aside.getStringProperty("reason")).contains("already");
        assertThat(take(core, INVALID, 100)).isNull();
        assertThat(messagesOf(room)).hasSize(1);
    }

    @Test
    void amqpMessageIdsOfEveryTypeAreIdentities() {
        String room = unique();
        UUID uuid = UUID.randomUUID();
        for (Object id : List.of(
                uuid,
                UnsignedLong.valueOf(uuid.getMostSignificantBits()),
                new Binary(unique().getBytes(StandardCharsets.UTF_8)),
                "id of ours: " + uuid)) {
            putWithId(
                    id,
                    send(room, "of " + id.getClass()).toString(),
                    send(room, "of " + id.getClass()).toString());
        }
        await().atMost(AT_ONCE).until(() -> messagesOf(room).size() == 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void aRequesterFindsItsReplyByItsMessageId(String protocol) throws JMSException {
        JMSContext client = client(protocol);
        Queue replies = client.createTemporaryQueue();
        Message request = client.createTextMessage(send("room", "x").toString());
        request.setJMSReplyTo(replies);
        put(client, request);
        try (JMSConsumer consumer =
                client.createConsumer(replies, "JMSCorrelationID='" + request.getJMSMessageID() + "'")) {
            assertThat(consumer.receive(10_000)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void whoIsRefusedGetsAReplyToo(String protocol) throws JMSException {
        JMSContext client = client(protocol);
        Queue replies = client.createTemporaryQueue();
        for (Message request : List.of(client.createTextMessage("{\"colour\":1}"), client.createMapMessage())) {
            request.setJMSReplyTo(replies);
            request.setJMSCorrelationID("order-18");
            setAside(client, request);
            try (JMSConsumer consumer = client.createConsumer(replies)) {
                Message reply = consumer.receive(10_000);
                assertThat(reply.getJMSCorrelationID()).isEqualTo("order-18");
                assertThat(reply.getBody(String.class)).contains("\"status\":4", "\"title\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void aTopicForTheReplyIsRefused(String protocol) throws JMSException {
        JMSContext client = client(protocol);
        Message request = client.createTextMessage(send("room", "x").toString());
        request.setJMSReplyTo(client.createTopic("topic-" + UUID.randomUUID()));
        assertThat(setAside(client, request).getStringProperty("reason")).contains("topic");
        Message temporary = client.createTextMessage(send("room", "x").toString());
        temporary.setJMSReplyTo(client.createTemporaryTopic());
        assertThat(setAside(client, temporary).getStringProperty("reason")).contains("topic");
    }

    /** A receiver that comes before the first sender must not turn the queue into a topic. */
    @Test
    void aReceiverThatComesFirstSpoilsNothing() throws JMSException {
        String queue = "first-" + UUID.randomUUID();
        try (JMSConsumer first = amqp.createConsumer(amqp.createQueue(queue))) {
            core.createProducer().send(core.createQueue(queue), "x");
            assertThat(first.receive(5_000)).isNotNull();
        }
        core.createProducer().send(core.createQueue(queue), "kept");
        assertThat(take(amqp, queue, 5_000)).isNotNull();
    }

    /** Half of a surrogate pair is no UTF-8: the broker refuses the frame and cuts the connection, which tells the sender. */
    @Test
    void aTextOfAmqpThatIsNotUtf8CutsOnlyItsOwnConnection() throws JMSException {
        Message odd = amqp.createTextMessage(send("room", "x").toString());
        odd.setJMSCorrelationID("half \uD800");
        assertThatThrownBy(() -> put(amqp, odd)).isInstanceOf(JMSRuntimeException.class);
        String behind = unique();
        put(core, core.createTextMessage(send("room", "x").put("id", behind).toString()));
        assertDelivered(behind);
    }
}
