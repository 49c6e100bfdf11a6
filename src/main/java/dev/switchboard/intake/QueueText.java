package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the text of a JMS message. No object of a sender is ever made. */
final class QueueText {

    private static final int LONGEST = 16 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private QueueText() {}

    /**
     * Returns the text, null where there is none.
     *
     * @throws Refused (400) when it is neither a text nor bytes in UTF-8
     */
    static @Nullable String of(Message jms) throws JMSException {
        String text = read(jms);
        return text != null && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static @Nullable String read(Message jms) throws JMSException {
        if (jms instanceof TextMessage text) {
            return text.getText();
        }
        if (jms instanceof BytesMessage bytes) {
            return read(bytes);
        }
        throw Refused.because(
                400, "This is " + kind(jms) + ". Send the JSON as a TextMessage, or as a BytesMessage in UTF-8.");
    }

    /** By AMQP a map or another value may be seen as an object, which is not opened to tell. */
    private static String kind(Message jms) {
        if (jms instanceof MapMessage) {
            return "a MapMessage";
        }
        if (jms instanceof StreamMessage) {
            return "a StreamMessage";
        }
        return jms instanceof ObjectMessage
                ? "an ObjectMessage, or by AMQP a MapMessage or another value"
                : "a message without a body";
    }

    private static @Nullable String read(BytesMessage bytes) throws JMSException {
        long length = bytes.getBodyLength();
        if (length > LONGEST) {
            throw Refused.because(413, "The message has " + length + " bytes, more than " + LONGEST + ".");
        }
        byte[] body = new byte[(int) length];
        bytes.reset();
        int read = 0;
        while (read < body.length) {
            byte[] part = new byte[body.length - read];
            int count = bytes.readBytes(part);
            if (count <= 0) {
                break;
            }
            System.arraycopy(part, 0, body, read, count);
            read += count;
        }
        bytes.reset();
        return read == 0 ? null : utf8(body, read);
    }

    private static String utf8(byte[] body, int length) {
        if (length > 1 && (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b) {
            throw Refused.because(400, "The bytes are packed with gzip. Send the JSON itself, in UTF-8.");
        }
        if (length > 3 && (body[0] == 0 || body[1] == 0)) {
            throw Refused.because(400, "The bytes look like UTF-16 or UTF-32. Send the JSON in UTF-8.");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refused.because(400, "The bytes are not UTF-8, so they are not JSON.");
        }
    }
}
