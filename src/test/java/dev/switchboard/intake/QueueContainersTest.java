package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages behind a broker that is not the bus's own, by AMQP: one that no client can read or send on stops nothing. */
class QueueContainersTest {

    private static final String QUEUE = "another";
    private static final String INVALID = "switchboard.invalid";

    @TempDir
    private Path folder;

    private record Settings(String url, int port) implements BrokerConfig {
        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public Optional<String> username() {
            return Optional.empty();
        }

        @Override
        public Optional<String> password() {
            return Optional.empty();
        }

        @Override
        public int consumers() {
            return 1;
        }

        @Override
        public String expire() {
            return "1h";
        }
    }

    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

    private RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                onException(Refused.class)
                        .handled(true)
                        .useOriginalMessage()
                        .process(new QueueReason((intake, status) -> {}))
                        .to("jms:queue:" + INVALID + "?forceSendOriginalMessage=true&preserveMessageQos=true");
                from("jms:queue:" + QUEUE
                                + "?acknowledgementModeName=CLIENT_ACKNOWLEDGE&consumerType=Custom&disableReplyTo=true"
                                + "&messageListenerContainerFactory=#queueContainers&asyncConsumer=true&mapJmsMessage=false"
                                + "&cacheLevelName=CACHE_CONSUMER")
                        .process(new QueueRequest())
                        .process(exchange -> {
                            String text = exchange.getMessage().getBody(String.class);
                            if (!text.startsWith("{")) {
                                throw Refused.because(400, "That is not JSON.");
                            }
                            taken.add(text);
                        });
            }
        };
    }

    private static Section bytes(String text, String charset) throws Exception {
        return new Data(new Binary(text.getBytes(charset)));
    }

    private static Properties properties(Object id, String type) {
        var properties = new Properties();
        properties.setMessageId(id);
        properties.setContentType(Symbol.valueOf(type));
        return properties;
    }

    /** Those that came with one that failed come again; the store would know them by their ids. */
    private void assertTaken(String text) {
        await().atMost(Duration.ofSeconds(10)).until(() -> text.equals(taken.poll()));
    }

    @Test
    void oneThatNoClientCanReadOrSendOnStopsNothing() throws Exception {
        int port = Ports.free();
        try (Broker embedded = Broker.start(new Settings("embedded", port), folder);
                Broker broker = Broker.start(new Settings("amqp://127.0.0.1:" + port, port), folder);
                Store store = Store.open("jdbc:sqlite:" + folder.resolve("switchboard.db"), "", "");
                var camel = new DefaultCamelContext();
                var raw = new RawAmqp(port, QUEUE);
                JMSContext jms = embedded.connections().createContext();
                JMSConsumer invalid = jms.createConsumer(jms.createQueue(INVALID))) {
            camel.getRegistry()
                    .bind("queueContainers", new QueueContainers(store, new Intakes(route -> Intakes.RUNNING)));
            camel.addComponent("jms", JmsComponent.jmsComponent(broker.connections()));
            camel.addRoutes(route());
            camel.start();
            // an id of a type that AMQP does not allow: the client throws where it is read
            raw.send(properties(7, "text/plain"), new AmqpValue("{}"));
            raw.send(new AmqpValue("{\"n\":1}"));
            assertTaken("{\"n\":1}");
            assertThat(invalid.receive(5_000).getStringProperty("reason")).contains("cannot be read");
            // the client reads an array, and cannot write one
            raw.send(
                    properties("a", "x"),
                    new ApplicationProperties(Map.of("p", new Integer[] {1})),
                    new AmqpValue("none"));
            raw.send(
                    properties("b", "x"),
                    new ApplicationProperties(Map.of("p", new Integer[] {1})),
                    bytes("none", "UTF-8"));
            raw.send(new AmqpValue("{\"n\":2}"));
            assertTaken("{\"n\":2}");
            for (int i = 0; i < 2; i++) {
                Message aside = invalid.receive(5_000);
                assertThat(aside.getStringProperty("reason")).contains("cannot be moved as it came");
                assertThat(
                                aside instanceof BytesMessage
                                        ? new String(aside.getBody(byte[].class), StandardCharsets.UTF_8)
                                        : aside.getBody(String.class))
                        .isEqualTo("none");
            }
            // bytes that are said to be a text of another character set
            raw.send(properties("c", "text/plain; charset=EUC-KR"), bytes("{\"안녕\":1}", "UTF-8"));
            assertTaken("{\"안녕\":1}");
            raw.send(properties("d", "application/json"), bytes("{\"안녕\":1}", "EUC-KR"));
            assertThat(invalid.receive(5_000).getStringProperty("reason")).contains("UTF-8");
            assertThat(invalid.receive(100)).isNull();
        }
    }
}
