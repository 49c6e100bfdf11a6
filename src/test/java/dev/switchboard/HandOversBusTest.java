package dev.switchboard;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How often a message changes threads on its way, besides the store's thread. Each change costs more than most steps: a change that
 * raises a number here needs a reason that has been measured.
 */
@QuarkusTest
@TestProfile(BusProfile.class)
class HandOversBusTest {

    @TestHTTPResource("/")
    URI base;

    @Inject
    CamelContext camel;

    @Inject
    Router router;

    private final List<String> request = new CopyOnWriteArrayList<>();
    private final List<String> attempt = new CopyOnWriteArrayList<>();
    private final EventNotifierSupport steps = new EventNotifierSupport() {
        @Override
        public void notify(CamelEvent event) {
            Exchange exchange = ((ExchangeEvent) event).getExchange();
            if (String.valueOf(exchange.getFromEndpoint()).contains("direct://submitMessage")) {
                request.add(current());
            } else if ("hand-overs".equals(exchange.getProperty("messageId"))) {
                attempt.add(current());
            }
        }

        @Override
        public boolean isEnabled(CamelEvent event) {
            return event instanceof ExchangeEvent;
        }
    };

    private Route probe;

    @BeforeEach
    void watch() throws Exception {
        probe = router.post("/messages").order(Integer.MIN_VALUE).handler(http -> {
            request.add(current());
            http.addEndHandler(end -> request.add(current()));
            http.next();
        });
        steps.setCamelContext(camel);
        steps.start();
        camel.getManagementStrategy().addEventNotifier(steps);
    }

    @AfterEach
    void watchNoMore() {
        probe.remove();
        camel.getManagementStrategy().removeEventNotifier(steps);
        steps.stop();
    }

    private static String current() {
        return Thread.currentThread().getId() + " " + Thread.currentThread().getName();
    }

    private static long changes(List<String> threads) {
        long count = 0;
        for (int i = 1; i < threads.size(); i++) {
            count += threads.get(i).equals(threads.get(i - 1)) ? 0 : 1;
        }
        return count;
    }

    @Test
    void aMessageChangesThreadsTwiceInItsRequestAndNeverInItsAttempt() {
        var bus = new RestClient(base);
        assertThat(bus.submit(send("hand-overs", "x"), "Idempotency-Key", "hand-overs")
                        .status())
                .isEqualTo(202);
        bus.finished("hand-overs");
        assertThat(request).as("from the event loop to a worker and back").hasSizeGreaterThan(4);
        assertThat(changes(request)).as(request.toString()).isLessThanOrEqualTo(2);
        assertThat(attempt).hasSizeGreaterThan(4);
        assertThat(changes(attempt)).as(attempt.toString()).isZero();
    }
}
