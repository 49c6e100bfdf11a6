package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** Keeps what a JMS message says beside its text: who wants a reply, its id, and when it expires. */
public final class QueueRequest implements Processor {

    /** Exchange property: when the message expires, as RFC 3339. */
    static final String EXPIRES_AT = "expiresAt";

    /** Exchange property: an id made of the JMS message's; empty where it has none. */
    static final String JMS_ID = "jmsId";

    @Override
    public void process(Exchange exchange) throws JMSException {
        Together together = Together.current();
        if (together != null) {
            together.enlist(exchange);
        }
        var in = exchange.getMessage();
        String id = in.getHeader("JMSMessageID", String.class);
        exchange.setProperty(JMS_ID, id == null || id.isEmpty() ? "" : idOf(id));
        exchange.setProperty(AcceptComponent.REPLY_TO, replyTo(in.getHeader("JMSReplyTo")));
        String correlation = in.getHeader("JMSCorrelationID", String.class);
        exchange.setProperty(AcceptComponent.CORRELATION, correlation == null ? id : correlation);
        exchange.setProperty(AcceptComponent.TRACE, in.getHeader("traceparent", String.class));
        long expiration = in.getHeader("JMSExpiration", 0L, Long.class);
        exchange.setProperty(
                EXPIRES_AT, expiration > 0 ? Instant.ofEpochMilli(expiration).toString() : null);
        if (in.getBody() == null) {
            throw Refused.because(400, "The message is empty.");
        }
    }

    /** An id of another alphabet is turned into one of ours; the same always into the same. */
    private static String idOf(String jmsId) {
        return jmsId.matches("[A-Za-z0-9._:-]{1,128}")
                ? jmsId
                : UUID.nameUUIDFromBytes(jmsId.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static @Nullable String replyTo(@Nullable Object header) throws JMSException {
        if (header instanceof Queue queue) {
            return queue.getQueueName();
        }
        return header instanceof Destination other ? other.toString() : null;
    }
}
