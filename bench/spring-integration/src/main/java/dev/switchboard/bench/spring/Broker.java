package dev.switchboard.bench.spring;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Message;
import java.util.Map;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.boot.artemis.autoconfigure.ArtemisConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.jms.JmsHeaderMapper;
import org.springframework.messaging.MessageHeaders;

/** Makes the embedded broker sync what it acknowledges, and try for ever. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class Broker {

    @Bean
    ArtemisConfigurationCustomizer durable() {
        return Broker::configure;
    }

    private static void configure(Configuration broker) {
        broker.setJournalSyncTransactional(true)
                .setJournalSyncNonTransactional(true)
                .setJournalDatasync(true)
                .setJMXManagementEnabled(false);
        retry(broker.getAddressSettings().get("#"));
    }

    /** 1 s, 5 s, 25 s, then each 30 s. */
    private static void retry(AddressSettings everywhere) {
        everywhere
                .setMaxDeliveryAttempts(-1)
                .setRedeliveryDelay(1_000)
                .setRedeliveryMultiplier(5)
                .setMaxRedeliveryDelay(30_000);
    }

    /**
     * Connects those who take from the queue. The container keeps its sessions itself, so nothing is cached; a small window
     * spreads a backlog over all of them.
     */
    static ConnectionFactory consuming() {
        return new ActiveMQConnectionFactory("vm://0?consumerWindowSize=65536");
    }

    /** Neither side reads headers; carrying them costs on both. */
    @Bean
    JmsHeaderMapper noHeaders() {
        return new JmsHeaderMapper() {
            @Override
            public void fromHeaders(MessageHeaders headers, Message message) {}

            @Override
            public Map<String, Object> toHeaders(Message message) {
                return Map.of();
            }
        };
    }
}
