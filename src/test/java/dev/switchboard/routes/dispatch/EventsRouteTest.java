package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.operate.Webhook;
import dev.switchboard.routes.RouteTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsRouteTest extends RouteTest {

    EventsRouteTest() {
        super("dispatch/events");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("webhook", new Webhook(Optional.empty(), Optional.empty()));
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
