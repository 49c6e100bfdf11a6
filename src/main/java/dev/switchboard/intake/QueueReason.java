package dev.switchboard.intake;

import static java.util.Objects.requireNonNull;
import static org.apache.activemq.artemis.api.core.Message.HDR_DUPLICATE_DETECTION_ID;

import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;

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
            qpid.getFacade().setProperty(REASON, reason);
            qpid.getFacade().setProperty(INVALID_ID, MessageId.next());
            // the broker would drop it if another message with the sender's id had been moved
            if (qpid.getFacade().propertyExists(HDR_DUPLICATE_DETECTION_ID.toString())) {
                qpid.getFacade().setProperty(HDR_DUPLICATE_DETECTION_ID.toString(), null);
            }
        }
        jms.setJMSExpiration(0);
        jms.setJMSDeliveryMode(DeliveryMode.PERSISTENT);
    }
}
