package dev.switchboard.intake;

import dev.switchboard.settings.Setting;
import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.jspecify.annotations.Nullable;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to the broker, and the embedded broker itself where there is no other. */
public final class Broker implements AutoCloseable {

    static final String MESSAGES = "switchboard.messages";
    static final String INVALID = "switchboard.invalid";
    private static final String EVENTS = "switchboard.events";
    private static final String UNDELIVERABLE = "switchboard.undeliverable";

    private static final Pattern URL = Pattern.compile("embedded|none|(tcp|amqps?)://.*");

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final Role EVERYTHING =
            new Role("all", true, true, true, true, true, true, true, true, true, true, false, false);

    private final @Nullable EmbeddedActiveMQ embedded;
    private final @Nullable FileChannel lock;
    private final JmsPoolConnectionFactory connections;

    private Broker(@Nullable EmbeddedActiveMQ embedded, @Nullable FileChannel lock, ConnectionFactory connections) {
        this.embedded = embedded;
        this.lock = lock;
        this.connections = new JmsPoolConnectionFactory();
        this.connections.setConnectionFactory(connections);
        this.connections.setMaxConnections(4);
    }

    /**
     * Starts the embedded broker, or gets ready to connect to another.
     *
     * @param folder where the embedded broker keeps its messages
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static Broker start(BrokerConfig config, Path folder) {
        check(config);
        String url = config.url();
        if (url.equals("embedded")) {
            return embedded(config, folder);
        }
        if (url.startsWith("amqp")) {
            return new Broker(null, null, new AmqpConnections(url, config, null));
        }
        var core = login(new ActiveMQConnectionFactory(url), config);
        boolean hasOptions = url.contains("?"); // are those of CORE
        return new Broker(
                null, null, hasOptions ? core : new AmqpConnections(url.replaceFirst("tcp", "amqp"), config, core));
    }

    /**
     * Checks the settings, and connects to nothing.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static void check(BrokerConfig config) {
        if (!URL.matcher(config.url()).matches()) {
            throw new IllegalArgumentException(
                    "switchboard.broker.url: must be embedded, none or begin with tcp://, amqp:// or amqps://");
        }
        if (config.url().equals("embedded")) {
            requireLogin(config);
            expire(config);
        }
    }

    private static long expire(BrokerConfig config) {
        try {
            return Setting.someTime(config.expire()).toMillis();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("switchboard.broker.expire: " + e.getMessage(), e);
        }
    }

    private static ActiveMQConnectionFactory login(ActiveMQConnectionFactory factory, BrokerConfig config) {
        config.username().ifPresent(factory::setUser);
        config.password().ifPresent(factory::setPassword);
        factory.setDeserializationDenyList("*");
        return factory;
    }

    private static Broker embedded(BrokerConfig config, Path folder) {
        FileChannel lock = lock(folder);
        var broker = new EmbeddedActiveMQ();
        try {
            broker.setConfiguration(configuration(config, folder));
            secure(broker, config);
            broker.start();
            broker.getActiveMQServer().getRemotingService().addIncomingInterceptor(new NoReattach());
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "switchboard.broker.port: the embedded broker does not start: " + e.getMessage(), e);
        }
        return new Broker(broker, lock, login(new ActiveMQConnectionFactory("vm://0"), config));
    }

    /** A client that can connect has all rights, so clients on other machines need a login. */
    private static void requireLogin(BrokerConfig config) {
        try {
            if (config.username().isEmpty()
                    && !InetAddress.getByName(config.host()).isLoopbackAddress()) {
                throw new IllegalArgumentException("switchboard.broker.host=" + config.host()
                        + ": other machines can reach it; set switchboard.broker.username and"
                        + " switchboard.broker.password, or leave it at 127.0.0.1");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("switchboard.broker.host: there is no address " + config.host(), e);
        }
    }

    private static String acceptor(BrokerConfig config) {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return "tcp://" + host + ":" + config.port() + "?protocols=CORE,AMQP";
    }

    /** Locked here because Artemis would silently wait for a folder that another process has. */
    private static FileChannel lock(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve("switchboard.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "switchboard.data-dir: cannot lock " + folder + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("switchboard.data-dir: the embedded broker of another process has " + folder
                + "; let this one use that broker (switchboard.broker.url=tcp://…), none, or a data folder of its own");
    }

    private static ConfigurationImpl configuration(BrokerConfig config, Path folder) throws Exception {
        var configuration = new ConfigurationImpl();
        configuration.setName("switchboard");
        configuration.setSecurityEnabled(config.username().isPresent());
        configuration.setJournalDirectory(folder.resolve("journal").toString());
        configuration.setBindingsDirectory(folder.resolve("bindings").toString());
        configuration.setPagingDirectory(folder.resolve("paging").toString());
        configuration.setLargeMessagesDirectory(folder.resolve("large").toString());
        configuration.setNodeManagerLockDirectory(folder.toString());
        configuration.setJournalFileSize(1 << 20);
        configuration.setJournalMinFiles(2);
        configuration.setJournalPoolFiles(4);
        configuration.setGracefulShutdownEnabled(false);
        configuration.addAcceptorConfiguration("in-vm", "vm://0");
        configuration.addAcceptorConfiguration("tcp", acceptor(config));
        configuration.putSecurityRoles("#", Set.of(EVERYTHING));
        configuration.registerBrokerPlugin(new UnreadableMessages()); // before any sender can connect
        configuration.setPopulateValidatedUser(config.username().isPresent());
        configuration.addAddressSetting("#", every());
        configuration.addAddressSetting(MESSAGES, every().setDeadLetterAddress(SimpleString.of(INVALID)));
        configuration.addAddressConfiguration(queue(MESSAGES));
        configuration.addAddressConfiguration(queue(INVALID));
        configuration.addAddressConfiguration(topic(EVENTS));
        // these hold texts of customers, and may never be read
        for (String unread : List.of("dead-letter.#", INVALID, UNDELIVERABLE)) {
            configuration.addAddressSetting(unread, every().setMaxExpiryDelay(expire(config)));
        }
        return configuration;
    }

    private static CoreAddressConfiguration topic(String name) {
        return new CoreAddressConfiguration().setName(name).addRoutingType(RoutingType.MULTICAST);
    }

    private static CoreAddressConfiguration queue(String name) {
        return new CoreAddressConfiguration()
                .setName(name)
                .addRoutingType(RoutingType.ANYCAST)
                .addQueueConfiguration(
                        QueueConfiguration.of(name).setAddress(name).setRoutingType(RoutingType.ANYCAST));
    }

    /**
     * A message that cannot be taken stays; without this it would be dropped after ten tries. An address is a queue, unless a
     * client asks for a topic: a receiver that comes first must not make it one.
     */
    private static AddressSettings every() {
        return new AddressSettings()
                .setMaxDeliveryAttempts(-1)
                .setDeadLetterAddress(SimpleString.of(UNDELIVERABLE))
                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                .setDefaultQueueRoutingType(RoutingType.ANYCAST)
                .setAutoCreateQueues(true)
                .setAutoCreateAddresses(true)
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE);
    }

    private static void secure(EmbeddedActiveMQ broker, BrokerConfig config) {
        if (config.username().isEmpty()) {
            return;
        }
        String user = config.username().get();
        String password = config.password()
                .orElseThrow(() -> new IllegalArgumentException("switchboard.broker.password is missing"));
        var users = new SecurityConfiguration();
        users.addUser(user, password);
        users.addRole(user, "all");
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
    }

    /** Returns pooled connections. */
    public ConnectionFactory connections() {
        return connections;
    }

    @Override
    public void close() {
        connections.stop();
        if (embedded != null) {
            stop(embedded);
        }
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of the embedded broker's folder could not be released: {}", e.getMessage());
        }
    }

    private static void stop(EmbeddedActiveMQ broker) {
        try {
            broker.stop();
        } catch (Exception e) {
            LOG.warn("The embedded broker did not stop cleanly: {}", e.getMessage());
        }
    }
}
