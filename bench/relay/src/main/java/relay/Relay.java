package relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/**
 * The loop that one writes by hand: a message comes in by HTTP, is kept in a queue on disk, and one of several threads takes it
 * from there, sends it, and commits when the vendor says that all is well. Otherwise it goes back into the queue for later.
 */
public final class Relay {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUEUE = "messages";
    private static final int THREADS = 32;

    private final String vendor;
    private final CloseableHttpClient http = client();
    private final Connection connection;
    private final BlockingQueue<Sender> senders = new LinkedBlockingQueue<>();

    private Relay(String vendor, Connection connection) {
        this.vendor = vendor;
        this.connection = connection;
    }

    /** Runs it: port, the vendor's address, the folder of its data, and a port for senders by queue where they are wanted. */
    public static void main(String[] arguments) throws Exception {
        broker(arguments[2], arguments.length > 3 ? arguments[3] : null).start();
        var factory = new ActiveMQConnectionFactory("vm://0");
        factory.setBlockOnDurableSend(true);
        factory.setConsumerWindowSize(64 * 1024);
        Connection connection = factory.createConnection();
        connection.start();
        new Relay(arguments[1], connection).run(Integer.parseInt(arguments[0]));
    }

    private static EmbeddedActiveMQ broker(String data, String port) throws Exception {
        var configuration = new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(data + "/journal")
                .setBindingsDirectory(data + "/bindings")
                .setLargeMessagesDirectory(data + "/large")
                .setPagingDirectory(data + "/paging")
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("vm", "vm://0");
        if (port != null) {
            configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port);
        }
        configuration.addAddressSetting(
                "#",
                new AddressSettings()
                        .setMaxDeliveryAttempts(-1)
                        .setRedeliveryDelay(1_000)
                        .setRedeliveryMultiplier(5)
                        .setMaxRedeliveryDelay(600_000));
        var broker = new EmbeddedActiveMQ();
        broker.setConfiguration(configuration);
        return broker;
    }

    private static CloseableHttpClient client() {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(THREADS)
                        .setMaxConnTotal(THREADS)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.ofSeconds(30))
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableRedirectHandling()
                .disableContentCompression()
                .build();
    }

    private void run(int port) throws Exception {
        for (int i = 0; i < THREADS; i++) {
            senders.add(new Sender(connection));
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            new Thread(() -> consume(session), "consumer-" + i).start();
        }
        Undertow.builder()
                .addHttpListener(port, "127.0.0.1")
                .setWorkerThreads(THREADS)
                .setHandler(new BlockingHandler(this::accept))
                .build()
                .start();
    }

    /** Answers when the message is on disk. */
    private void accept(HttpServerExchange exchange) throws Exception {
        JsonNode message = JSON.readTree(exchange.getInputStream());
        if (!message.path("vendor").isTextual() || !message.path("conversationId").isTextual()) {
            exchange.setStatusCode(422).endExchange();
            return;
        }
        String id = message.path("id").asText(UUID.randomUUID().toString());
        ((ObjectNode) message).put("id", id);
        Sender sender = senders.take();
        try {
            sender.send(JSON.writeValueAsBytes(message));
        } finally {
            senders.add(sender);
        }
        exchange.setStatusCode(202);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send("{\"id\":\"" + id + "\",\"state\":\"accepted\"}");
    }

    /** A session of its own, as one serves one thread at a time. */
    private static final class Sender {
        private final Session session;
        private final MessageProducer producer;

        private Sender(Connection connection) throws JMSException {
            session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            producer = session.createProducer(session.createQueue(QUEUE));
        }

        private void send(byte[] body) throws JMSException {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(body);
            producer.send(message);
        }
    }

    private void consume(Session session) {
        try {
            Queue queue = session.createQueue(QUEUE);
            MessageConsumer consumer = session.createConsumer(queue);
            while (true) {
                if (deliver(consumer.receive().getBody(byte[].class))) {
                    session.commit();
                } else {
                    session.rollback();
                }
            }
        } catch (JMSException e) {
            throw new IllegalStateException("the queue is gone", e);
        }
    }

    private boolean deliver(byte[] body) {
        try {
            JsonNode message = JSON.readTree(body);
            ObjectNode wanted = JSON.createObjectNode()
                    .put("uuid", message.path("customerId").asText())
                    .put("room_id", message.path("conversationId").asText())
                    .put("type", "text")
                    .put("msg", message.path("text").asText());
            var post = new HttpPost(vendor + "/v1/chat/write");
            post.setHeader("HT-Client-Id", "id");
            post.setHeader("HT-Client-Secret", "secret");
            post.setEntity(new ByteArrayEntity(JSON.writeValueAsBytes(wanted), ContentType.APPLICATION_JSON));
            return http.execute(post, answer -> {
                JsonNode said = JSON.readTree(EntityUtils.toByteArray(answer.getEntity()));
                return answer.getCode() == 200 && said.path("code").asInt(-1) == 0;
            });
        } catch (IOException e) {
            return false;
        }
    }
}
