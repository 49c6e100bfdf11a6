package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.client.impl.ClientSessionInternal;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.protocol.core.CoreRemotingConnection;
import org.apache.activemq.artemis.core.protocol.core.impl.ChannelImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionResponseMessage;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnection;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Footer;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect to the embedded broker, tried with real clients of both protocols. */
class BrokerTest {

    @TempDir
    private Path folder;

    private record Settings(String url, String host, int port, Optional<String> username, Optional<String> password)
            implements BrokerConfig {

        static Settings at(String host, String... login) throws IOException {
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                boolean any = login.length > 0;
                return new Settings(
                        "embedded",
                        host,
                        free.getLocalPort(),
                        any ? Optional.of(login[0]) : Optional.empty(),
                        any ? Optional.of(login[1]) : Optional.empty());
            }
        }

        @Override
        public String expire() {
            return "36h";
        }

        @Override
        public int consumers() {
            return 1;
        }

        List<ConnectionFactory> clients() {
            return List.of(
                    new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port),
                    new JmsConnectionFactory("amqp://127.0.0.1:" + port));
        }
    }

    private static String throughAQueue(JMSContext jms, String queue) throws JMSException {
        jms.createProducer().send(jms.createQueue(queue), "text");
        try (var consumer = jms.createConsumer(jms.createQueue(queue))) {
            Message taken = consumer.receive(5_000);
            return taken == null ? "nothing" : taken.getBody(String.class);
        }
    }

    @Test
    void withALoginOfItsOwnTheBrokerTakesNobodyElse() throws Exception {
        Settings settings = Settings.at("127.0.0.1", "bus", "s3cret");
        try (Broker broker = Broker.start(settings, folder)) {
            for (ConnectionFactory client : settings.clients()) {
                assertThatThrownBy(() -> client.createContext().start())
                        .isInstanceOf(JMSSecurityRuntimeException.class);
                assertThatThrownBy(() -> client.createContext("bus", "wrong").start())
                        .isInstanceOf(JMSSecurityRuntimeException.class);
                try (JMSContext jms = client.createContext("bus", "s3cret")) {
                    assertThat(throughAQueue(jms, "mine")).isEqualTo("text");
                }
            }
            try (JMSContext jms = broker.connections().createContext()) {
                assertThat(throughAQueue(jms, "own")).isEqualTo("text");
            }
        }
    }

    @Test
    void withoutALoginItListensToItsOwnMachineAlone() throws Exception {
        Settings settings = Settings.at("127.0.0.1");
        try (Broker broker = Broker.start(settings, folder)) {
            assertThat(broker.connections()).isNotNull();
            for (ConnectionFactory client : settings.clients()) {
                try (JMSContext jms = client.createContext()) {
                    assertThat(throughAQueue(jms, "anybody")).isEqualTo("text");
                }
            }
            // 127.0.0.2 is another address of this machine: who listens on all of them would answer there too
            assertThatThrownBy(() -> new Socket("127.0.0.2", settings.port()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    /** Artemis asks for no login when a session is taken up on another connection. */
    @Test
    void aSessionStaysWithTheConnectionThatLoggedIn() throws Exception {
        Settings settings = Settings.at("127.0.0.1", "bus", "s3cret");
        try (Broker broker = Broker.start(settings, folder);
                var victims = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + settings.port());
                var strangers = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + settings.port())) {
            assertThat(broker.connections()).isNotNull();
            victims.setReconnectAttempts(3);
            victims.setConfirmationWindowSize(1 << 20);
            try (var connection = (ActiveMQConnection) victims.createConnection("bus", "s3cret");
                    var session = (ActiveMQSession) connection.createSession();
                    var stranger = strangers.getServerLocator().createSessionFactory()) {
                String name = ((ClientSessionInternal) session.getCoreSession()).getName();
                var answer = (ReattachSessionResponseMessage) ((CoreRemotingConnection) stranger.getConnection())
                        .getChannel(ChannelImpl.CHANNEL_ID.SESSION.id, -1)
                        .sendBlocking(new ReattachSessionMessage(name, -1), PacketImpl.REATTACH_SESSION_RESP);
                assertThat(answer.isReattached()).isFalse();
                session.getCoreSession().getSessionFactory().getConnection().fail(new ActiveMQException("cut"));
                session.createProducer(session.createQueue("mine")).send(session.createTextMessage("after the cut"));
            }
        }
    }

    /** Sent with no time of its own, and with a longer one than is allowed. */
    @Test
    void whatIsSetAsideIsNotKeptForEver() throws Exception {
        try (Broker broker = Broker.start(Settings.at("127.0.0.1"), folder);
                JMSContext jms = broker.connections().createContext()) {
            for (String name :
                    List.of("switchboard.invalid", "switchboard.undeliverable", "dead-letter.happytalk.invalid")) {
                Queue queue = jms.createQueue(name);
                for (long own : new long[] {0, Duration.ofDays(30).toMillis()}) {
                    long sent = System.currentTimeMillis();
                    jms.createProducer().setTimeToLive(own).send(queue, "what Anna wrote");
                    try (var consumer = jms.createConsumer(queue)) {
                        assertThat(consumer.receive(5_000).getJMSExpiration() - sent)
                                .as(name)
                                .isBetween(
                                        Duration.ofHours(36).toMillis(),
                                        Duration.ofHours(37).toMillis());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void anAddressThatOthersReachNeedsALogin(String host) throws Exception {
        Settings settings = Settings.at(host);
        assertThatThrownBy(() -> Broker.start(settings, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("switchboard.broker.host=" + host)
                .hasMessageContaining("switchboard.broker.username");
    }

    @Test
    void withALoginItListensWhereItIsTold() throws Exception {
        Settings settings = Settings.at("0.0.0.0", "bus", "s3cret");
        Broker broker = Broker.start(settings, folder);
        try (var socket = new Socket("127.0.0.2", settings.port())) {
            assertThat(socket.isConnected()).isTrue();
        } finally {
            broker.close();
        }
    }

    /** Qpid JMS keeps the last one alone. */
    @Test
    void byAmqpAllDataSectionsOfAMessageAreRead() throws Exception {
        Settings settings = Settings.at("127.0.0.1");
        var byAmqp = new Settings("amqp://127.0.0.1:" + settings.port(), "", 0, Optional.empty(), Optional.empty());
        try (Broker embedded = Broker.start(settings, folder);
                Broker broker = Broker.start(byAmqp, folder);
                var raw = new RawAmqp(settings.port(), "sections");
                JMSContext jms = broker.connections().createContext()) {
            assertThat(embedded.connections()).isNotNull();
            raw.send(data("{\"a\""), data(""), data(":"), data("1}"), new Footer(Map.of()));
            raw.send(data("{}"));
            try (var consumer = jms.createConsumer(jms.createQueue("sections"))) {
                assertThat(new String(consumer.receive(5_000).getBody(byte[].class), StandardCharsets.UTF_8))
                        .isEqualTo("{\"a\":1}");
                assertThat(consumer.receive(5_000).getBody(byte[].class)).hasSize(2);
            }
        }
    }

    /** Such an acceptor does not answer to AMQP, so no sender there can send what CORE has no form for. */
    @Test
    void anArtemisThatTakesCoreAloneIsUsedByCore() throws Exception {
        int port = Settings.at("127.0.0.1").port();
        var configuration = new ConfigurationImpl();
        configuration.setSecurityEnabled(false);
        configuration.setPersistenceEnabled(false);
        configuration.setBrokerInstance(folder.toFile());
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port + "?protocols=CORE");
        var artemis = new EmbeddedActiveMQ();
        artemis.setConfiguration(configuration);
        artemis.start();
        try (var core = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port)) {
            var settings = new Settings("tcp://127.0.0.1:" + port, "", 0, Optional.empty(), Optional.empty());
            var connections = new AmqpConnections("amqp://127.0.0.1:" + port, settings, core);
            connections.setConnectTimeout(500);
            try (var connection = connections.createConnection()) {
                assertThat(connection).isInstanceOf(ActiveMQConnection.class);
            }
        } finally {
            artemis.stop();
        }
    }

    /** Qpid JMS believes what an annotation says of the kind of a message, and throws where it is not so. */
    @Test
    void byAmqpTheBodyTellsTheKindOfAMessage() throws Exception {
        Settings settings = Settings.at("127.0.0.1");
        var byAmqp = new Settings("amqp://127.0.0.1:" + settings.port(), "", 0, Optional.empty(), Optional.empty());
        try (Broker embedded = Broker.start(settings, folder);
                Broker broker = Broker.start(byAmqp, folder);
                var raw = new RawAmqp(settings.port(), "kinds");
                JMSContext jms = broker.connections().createContext()) {
            assertThat(embedded.connections()).isNotNull();
            for (Object kind : List.of((byte) 2, (byte) 3, (byte) 4, (byte) 99, 5, "text")) {
                raw.send(
                        new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-jms-msg-type"), kind)),
                        new AmqpValue("{}"));
                try (var consumer = jms.createConsumer(jms.createQueue("kinds"))) {
                    assertThat(consumer.receive(5_000).getBody(String.class)).isEqualTo("{}");
                }
            }
        }
    }

    private static Data data(String text) {
        return new Data(new Binary(text.getBytes(StandardCharsets.UTF_8)));
    }
}
