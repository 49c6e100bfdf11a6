package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.switchboard.delivery.EventCall;
import dev.switchboard.delivery.VendorCall;
import dev.switchboard.delivery.VendorNetwork;
import dev.switchboard.operate.Webhook;
import dev.switchboard.routes.RouteTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsRouteTest extends RouteTest {

    EventsRouteTest() {
        super("dispatch/events");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("webhook", new Webhook(Optional.of("http://events.example/hook"), Optional.of(SECRET)));
        var network = new VendorNetwork(config(Map.of(
                "switchboard.vendors.proxy", "127.0.0.1:" + proxy.getAddress().getPort())));
        registry.bind("eventCall", new EventCall(network));
        var http = new HttpComponent();
        http.setClientConnectionManager(VendorCall.connections(network));
        registry.bind("http", http);
    }

    private static final String SECRET = "whsec_" + "c2VjcmV0".repeat(4);

    private final HttpServer proxy = proxy();
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private volatile int status = 204;

    private HttpServer proxy() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                posted.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
                exchange.sendResponseHeaders(status, status == 204 ? -1 : 0);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void stopProxy() {
        proxy.stop(0);
    }

    private Exchange post() throws Exception {
        advise("events-webhook", ends -> ends.replaceFromWith("direct:webhook"));
        return send("direct:webhook", "{}", Map.of(), Map.of("eventId", "e-1"));
    }

    @Test
    void anEventIsPostedThroughTheProxyOfTheVendors() throws Exception {
        assertThat(post().getException()).isNull();
        assertThat(posted).containsExactly("POST http://events.example/hook {}");
    }

    @Test
    void whatIsNotTakenFailsAndIsPostedAgain() throws Exception {
        status = 503;
        assertThat(post().getException()).hasMessage("the webhook answered with HTTP 503");
    }

    private static final Logger LOG = Logger.getLogger("dev.switchboard.events");

    /** Keeps what is logged. */
    private static final class Kept extends Handler {
        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {
            // nothing waits
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @ParameterizedTest
    @CsvSource({
        "circuit-stopped, ERROR",
        "circuit-opened, WARN",
        "circuit-closed, WARN",
        "batch-finished, INFO",
        "batch-stopped, WARN"
    })
    void anEventIsLoggedOnce(String event, String level) throws Exception {
        advise("events", ends -> {
            assertThat(ends.getOriginalRoute().getInput().getEndpointUri()).isEqualTo("outbox:events");
            ends.replaceFromWith("direct:events");
        });
        var kept = new Kept();
        LOG.addHandler(kept);
        try {
            Exchange done = send("direct:events", "{\"event\":\"" + event + "\"}", Map.of(), Map.of("event", event));
            assertThat(done.getException()).isNull();
        } finally {
            LOG.removeHandler(kept);
        }
        assertThat(kept.records).singleElement().satisfies(record -> {
            assertThat(record.getMessage()).isEqualTo("{\"event\":\"" + event + "\"}");
            assertThat(record.getLevel()).hasToString(level);
        });
    }
}
