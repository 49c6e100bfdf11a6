package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Section;

/** Generates what JMS and AMQP clients can send, most of it no message for the bus; the same ones from the same seed. */
final class OddMessages {

    private static final List<String> CHARSETS = List.of("UTF-16", "UTF-16LE", "UTF-32", "EUC-KR", "windows-1250");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "{",
            "[]",
            "null",
            "\"text\"",
            "{} {}",
            "{\"vendor\":\"happytalk\"}",
            "{\"vendor\":\"nobody\",\"operation\":\"send\"}",
            "{\"vendor\":\"happytalk\",\"operation\":7}",
            "{\"a\":1e9999999999}",
            "\uFEFF",
            "\uFEFF{\"vendor\":",
            "안녕 🙂",
            "\u0000",
            "<xml/>",
            "[".repeat(3_000),
            "{\"a\":".repeat(3_000));
    private static final List<String> PROPERTIES = List.of(
            "CamelJmsDestinationName",
            "cameljmsdestination",
            "CAMELJmsRequestTimeout",
            "CamelHttpUri",
            "Jmsdestination",
            "JMSXGroupID",
            "traceparent",
            "reason",
            "replyTo",
            "id",
            "breadcrumbId");
    private static final List<Serializable> OBJECTS =
            List.of(7, "text", new HashMap<>(Map.of("a", 1)), new ArrayList<>(List.of(1)));

    private final Random random;

    OddMessages(long seed) {
        random = new Random(seed);
    }

    boolean oneOf(int many) {
        return random.nextInt(many) == 0;
    }

    /** Returns a message of a JMS client. */
    Message next(JMSContext client) throws JMSException {
        Message message = body(client);
        if (oneOf(3)) {
            message.setStringProperty(one(PROPERTIES), one(TEXTS));
        }
        if (oneOf(4)) {
            message.setJMSCorrelationID(random.nextBoolean() ? "" : "ID:" + random.nextInt());
        }
        if (oneOf(10)) {
            String name = one(List.of("generated-replies", "a b?c=d", "queue://x", "topic://x"));
            message.setJMSReplyTo(oneOf(3) ? client.createTopic(name) : client.createQueue(name));
        }
        return message;
    }

    private Message body(JMSContext client) throws JMSException {
        return switch (random.nextInt(9)) {
            case 0 -> map(client);
            case 1 -> stream(client);
            case 2 -> client.createObjectMessage(one(OBJECTS));
            case 3 -> client.createMessage();
            case 4 -> oneOf(4) ? client.createTextMessage() : client.createTextMessage(one(TEXTS));
            case 5 -> bytes(client, one(TEXTS).getBytes(Charset.forName(one(CHARSETS))));
            case 6 -> bytes(client, noise(oneOf(20) ? 100_000 + random.nextInt(500_000) : random.nextInt(3_000)));
            case 7 -> bytes(client, text().getBytes(StandardCharsets.UTF_8));
            default -> client.createTextMessage(text());
        };
    }

    private Message map(JMSContext client) throws JMSException {
        MapMessage map = client.createMapMessage();
        map.setString("id", "q-map");
        map.setBytes("bytes", noise(20));
        map.setDouble("number", random.nextDouble());
        return map;
    }

    private Message stream(JMSContext client) throws JMSException {
        StreamMessage stream = client.createStreamMessage();
        stream.writeString(one(TEXTS));
        stream.writeLong(random.nextLong());
        return stream;
    }

    private static Message bytes(JMSContext client, byte[] content) throws JMSException {
        BytesMessage bytes = client.createBytesMessage();
        bytes.writeBytes(content);
        return bytes;
    }

    /** A good message with something changed in it; no half of a surrogate pair, as AMQP has no form for it. */
    private String text() {
        String good =
                send("room-" + random.nextInt(10), "text " + random.nextInt()).toString();
        int at = random.nextInt(good.length());
        return switch (random.nextInt(6)) {
            case 0 -> good.substring(0, at);
            case 1 -> good.substring(0, at) + (char) random.nextInt(0xD800) + good.substring(at);
            case 2 -> "{\"a\":" + random.nextLong() + "e" + random.nextInt(1_000_000) + "}";
            case 3 -> "\uFEFF" + good;
            case 4 -> good.replace("text", "\\u0000");
            default -> good;
        };
    }

    /** Returns the sections of an AMQP body as only AMQP has them: several ones, sequences, values of any type, none. */
    List<Section> body() {
        return switch (random.nextInt(7)) {
            case 0 -> List.of();
            case 1 -> List.of(new AmqpValue(null));
            case 2 -> List.of(data(noise(random.nextInt(30))), data(noise(random.nextInt(30))));
            case 3 -> cut(text().getBytes(StandardCharsets.UTF_8));
            case 4 -> List.of(new AmqpSequence(List.of(value(0), value(0))), new AmqpSequence(List.of(value(0))));
            case 5 -> List.of(new AmqpSequence(List.of(value(0))));
            default -> List.of(new AmqpValue(value(0)));
        };
    }

    private List<Section> cut(byte[] body) {
        List<Section> parts = new ArrayList<>();
        int from = 0;
        while (from < body.length) {
            int length = Math.min(body.length - from, 1 + random.nextInt(body.length));
            parts.add(new Data(new Binary(body, from, length)));
            from += length;
        }
        return parts;
    }

    private static Data data(byte[] bytes) {
        return new Data(new Binary(bytes));
    }

    @SuppressWarnings("JavaUtilDate") // what AMQP's timestamps are in Java
    private Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 10 : 12)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextDouble();
            case 2 -> UnsignedInteger.valueOf(random.nextInt(1_000));
            case 3 -> new UUID(random.nextLong(), random.nextLong());
            case 4 -> Symbol.valueOf("symbol");
            case 5 -> new Binary(noise(5));
            case 6 -> new Date(random.nextInt());
            case 7 -> random.nextBoolean();
            case 8 -> 'c';
            case 9 -> text();
            case 10 -> List.of(value(depth + 1), value(depth + 1));
            default -> Map.of("a", value(depth + 1), 7, value(depth + 1));
        };
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
