package dev.switchboard.intake;

import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.JmsDestination;
import org.apache.qpid.jms.JmsSession;
import org.apache.qpid.jms.message.JmsMessageIDBuilder;
import org.apache.qpid.jms.policy.JmsMessageIDPolicy;

/** Clients of AMQP that give their messages ids of their own. */
final class MessageIds {

    private MessageIds() {}

    /** Returns connections to a broker whose messages all have one id. */
    static JmsConnectionFactory fixed(String broker, Object messageId) {
        var factory = new JmsConnectionFactory(broker);
        factory.setMessageIDPolicy(new JmsMessageIDPolicy() {
            @Override
            public JmsMessageIDPolicy copy() {
                return this;
            }

            @Override
            public JmsMessageIDBuilder getMessageIDBuilder(JmsSession session, JmsDestination destination) {
                return new JmsMessageIDBuilder() {
                    @Override
                    public Object createMessageID(String producerId, long messageSequence) {
                        return messageId;
                    }
                };
            }
        });
        return factory;
    }
}
