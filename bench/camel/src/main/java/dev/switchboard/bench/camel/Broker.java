package dev.switchboard.bench.camel;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** The broker in this process, with its journal in a folder, and the connections to it that Camel takes. */
public class Broker {

    @Produces
    @Unremovable
    @ApplicationScoped
    ConnectionFactory connections(@ConfigProperty(name = "data") String data) throws Exception {
        var broker = new EmbeddedActiveMQ();
        broker.setConfiguration(durable(data));
        broker.start();
        var pool = new JmsPoolConnectionFactory();
        // By default each consumer fetches 1 MiB ahead, so that a backlog lies with few of them.
        pool.setConnectionFactory(new ActiveMQConnectionFactory("vm://0?consumerWindowSize=65536"));
        return pool;
    }

    private static Configuration durable(String data) throws Exception {
        return new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(data + "/journal")
                .setBindingsDirectory(data + "/bindings")
                .setLargeMessagesDirectory(data + "/large")
                .setPagingDirectory(data + "/paging")
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("vm", "vm://0")
                // By default the broker drops a message after ten deliveries that a crash cut short.
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1));
    }
}
