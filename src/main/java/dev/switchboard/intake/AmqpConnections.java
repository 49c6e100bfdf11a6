package dev.switchboard.intake;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.Map;
import org.apache.qpid.jms.JmsConnectionExtensions;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.JmsOperationTimedOutException;
import org.apache.qpid.jms.policy.JmsDefaultDeserializationPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to a broker by AMQP 1.0. To Artemis, too: by CORE it closes the consumer at a message that CORE has no form for, each time,
 * and hands over the first data section of several alone.
 */
@SuppressWarnings("serial") // it is never written
final class AmqpConnections extends JmsConnectionFactory {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnections.class);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(15);

    private final @Nullable ConnectionFactory core;
    private volatile boolean answered;

    /** @param core connects to a broker that does not answer to AMQP; null where the address is one of AMQP */
    AmqpConnections(String url, BrokerConfig config, @Nullable ConnectionFactory core) {
        this.core = core;
        // RabbitMQ's plugin does not answer a receiver that it refuses
        setRequestTimeout(LONGEST_REQUEST.toMillis());
        setSendTimeout(LONGEST_REQUEST.toMillis());
        setRemoteURI(url); // its options count more
        setUsername(config.username().orElse(null));
        setPassword(config.password().orElse(null));
        // RabbitMQ's plugin for AMQP 1.0 breaks when a receiver asks for the rest; messages come without that too
        setReceiveLocalOnly(true);
        setReceiveNoWaitLocalOnly(true);
        // within a transaction too, a send that the broker refuses is to fail at once
        setForceSyncSend(true);
        // is called by the thread that reads what comes
        setExtension(JmsConnectionExtensions.AMQP_OPEN_PROPERTIES.toString(), (connection, address) -> {
            DataSections.join();
            return Map.of();
        });
        var nothing = new JmsDefaultDeserializationPolicy();
        nothing.setDenyList("*");
        setDeserializationPolicy(nothing);
    }

    /** Returns whether the broker is surely Artemis: RabbitMQ 3 has no transactions by AMQP. */
    boolean hasTransactions() {
        return core != null;
    }

    /** An acceptor that takes CORE alone is silent. One that has answered once is only slow: ids must not change with the protocol. */
    @Override
    public Connection createConnection(@Nullable String username, @Nullable String password) throws JMSException {
        try {
            Connection connection = super.createConnection(username, password);
            answered = true;
            return connection;
        } catch (JmsOperationTimedOutException e) {
            if (core == null || answered) {
                throw e;
            }
            Connection connection = core.createConnection();
            LOG.warn("The broker does not answer to AMQP, so the bus uses CORE. Let AMQP in at the same address if any"
                    + " sender uses it (?protocols=CORE,AMQP at the broker's acceptor).");
            return connection;
        }
    }
}
