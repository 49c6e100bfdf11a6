package dev.switchboard.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.InflaterInputStream;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.reader.MapMessageUtil;
import org.apache.activemq.artemis.reader.TextMessageUtil;

/**
 * Tells whether the JMS client can read the body of a CORE message, which a sender without JMS can fill as it likes. Where it cannot,
 * it throws before anyone gets the message, which then comes again and again.
 */
final class CoreBody {

    private CoreBody() {}

    static boolean isReadable(ICoreMessage message) {
        try {
            boolean packed = Boolean.TRUE.equals(message.getBooleanProperty(Message.HDR_LARGE_COMPRESSED));
            return switch (message.getType()) {
                case Message.DEFAULT_TYPE, Message.BYTES_TYPE, Message.STREAM_TYPE ->
                    !packed || body(message, true) != null;
                case Message.TEXT_TYPE -> isText(body(message, packed));
                case Message.MAP_TYPE -> isMap(body(message, packed));
                case Message.OBJECT_TYPE -> isObject(body(message, packed));
                default -> false;
            };
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException | IOException e) {
            return false;
        }
    }

    private static ActiveMQBuffer body(ICoreMessage message, boolean packed) throws IOException {
        ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
        if (!packed) {
            return body;
        }
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        try (var unpacked = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return ActiveMQBuffers.wrappedBuffer(unpacked.readNBytes(UnreadableMessages.LONGEST));
        }
    }

    private static boolean isText(ActiveMQBuffer body) {
        TextMessageUtil.readBodyText(body);
        return true;
    }

    /** A map that says it is larger than its bytes would take memory for all that it says. */
    private static boolean isMap(ActiveMQBuffer body) {
        if (body.getByte(body.readerIndex()) != 0 && body.getInt(body.readerIndex() + 1) > body.readableBytes()) {
            return false;
        }
        MapMessageUtil.readBodyMap(body);
        return true;
    }

    private static boolean isObject(ActiveMQBuffer body) {
        int length = body.readInt();
        return length >= 0 && length <= body.readableBytes();
    }
}
