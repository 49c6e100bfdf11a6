package dev.switchboard.intake;

import static java.util.Objects.requireNonNull;
import static org.apache.activemq.artemis.api.core.Message.HDR_DUPLICATE_DETECTION_ID;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Sha256;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.HexFormat;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;
import org.apache.qpid.jms.message.facade.JmsMessageFacade;
import org.jspecify.annotations.Nullable;

/** Adds to a JMS message why it is refused, so that it can go to another queue as it came; and keeps the reply for its sender. */
@Singleton
@Named("queueReason")
public final class QueueReason implements Processor {

    /** The property that says why. */
    static final String REASON = "reason";

    /** The property by which one of them is found in the queue. */
    static final String INVALID_ID = "invalidId";

    /** Exchange property: the body of the reply, as a refusal by REST has it. */
    static final String REFUSAL = "refusal";

    private final Refusals refusals;

    /** Makes the step; the refusals are counted. */
    public QueueReason(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void process(Exchange exchange) throws JMSException {
        Refused refused = Problem.refusal(exchange);
        refusals.refused("queue", refused.status());
        exchange.setProperty(REFUSAL, Problem.describe(refused));
        String reason = String.valueOf(refused.getMessage());
        // the producer would read the sender's properties as its own options
        exchange.getMessage().removeHeaders("*");
        explain(requireNonNull(exchange.getMessage(JmsMessage.class).getJmsMessage()), reason);
    }

    /** The properties of a received message are read-only for clients, so that this goes below the client's interface. */
    static void explain(Message jms, String reason) throws JMSException {
        if (jms instanceof ActiveMQMessage artemis) {
            var core = artemis.getCoreMessage();
            ReservedProperties.clean(core);
            core.putStringProperty(REASON, reason);
            core.putStringProperty(INVALID_ID, MessageId.next());
            // a kill before the acknowledgement brings it again, with the same number: the broker keeps it once
            core.putStringProperty(HDR_DUPLICATE_DETECTION_ID.toString(), "invalid-" + core.getMessageID());
        } else if (jms instanceof org.apache.qpid.jms.message.JmsMessage qpid) {
            JmsMessageFacade facade = qpid.getFacade();
            String number = number(facade);
            facade.setProperty(REASON, reason);
            facade.setProperty(INVALID_ID, MessageId.next());
            // never the sender's own: the broker would drop it if another one with that had been moved
            if (number != null || facade.propertyExists(HDR_DUPLICATE_DETECTION_ID.toString())) {
                facade.setProperty(HDR_DUPLICATE_DETECTION_ID.toString(), number);
            }
        }
        jms.setJMSExpiration(0);
        jms.setJMSDeliveryMode(DeliveryMode.PERSISTENT);
    }

    /** AMQP tells no number of the broker's: what comes again has the same message-id and the same content. */
    private static @Nullable String number(JmsMessageFacade facade) throws JMSException {
        facade.setRedeliveryCount(0);
        return facade.getMessageId() != null && facade.encodeMessage() instanceof ByteBuf encoded
                ? "invalid-" + HexFormat.of().formatHex(Sha256.digest().digest(ByteBufUtil.getBytes(encoded)))
                : null;
    }
}
