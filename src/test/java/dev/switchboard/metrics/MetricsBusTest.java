package dev.switchboard.metrics;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus sees of a bus that runs. */
@QuarkusTest
@TestProfile(BusProfile.class)
class MetricsBusTest {

    private static final String MESSAGES = "switchboard_messages_total";
    private static final String INTAKE = "switchboard_intake_total";

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private RestClient bus;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    private Scrape scrape() {
        var client = new RestClient(management);
        RestClient.Answer answer = client.ask(
                client.request("/metrics").header("Accept", "text/plain").GET());
        assertThat(answer.status()).isEqualTo(200);
        return new Scrape(answer.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text; version=1.0.0",
                "application/openmetrics-text",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/json;q=0.5",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.1",
            })
    void whoPrefersOpenMetricsGetsThem(String accept) {
        var client = new RestClient(management);
        RestClient.Answer answer =
                client.ask(client.request("/metrics").header("Accept", accept).GET());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/openmetrics-text");
        assertThat(answer.text()).endsWith("# EOF\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/plain",
                "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4",
                "text/html, image/gif, */*; q=.2",
                "application/json",
            })
    void theOthersGetText(String accept) {
        var client = new RestClient(management);
        RestClient.Answer answer =
                client.ask(client.request("/metrics").header("Accept", accept).GET());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    }

    private static ObjectNode message(String conversation) {
        return send(conversation, "hello").put("id", UUID.randomUUID().toString());
    }

    /** HappyTalk's rooms have names of up to 30 characters. */
    private static String unlike(String conversation) {
        return conversation + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Sends a message, and returns when its outcome is counted. */
    private Scrape finish(ObjectNode message) {
        double before = scrape().sum(MESSAGES);
        assertThat(bus.submit(message).status()).isEqualTo(202);
        bus.finished(message.path("id").asText());
        return await().atMost(Duration.ofSeconds(5)).until(this::scrape, now -> now.sum(MESSAGES) > before);
    }

    @Test
    void everyNameUnitAndLabelIsAsPrometheusAsks() {
        finish(message("room-of-lint"));
        finish(message("fail-700-of-lint"));
        assertThat(Lint.of(scrape())).isEmpty();
    }

    @Test
    void whatDashboardAndAlertsAskForIsThere() throws IOException {
        finish(message("room-of-monitoring"));
        assertThat(Monitoring.read().metrics())
                .hasSizeGreaterThan(10)
                .isSubsetOf(scrape().types().keySet());
    }

    @Test
    void theLintFindsWhatPromtoolWouldFind() {
        assertThat(Lint.of(new Scrape("""
                        # TYPE switchboard_things counter
                        switchboard_things{conversation="room-1"} 1
                        # HELP switchboard_wait_ms How long.
                        # TYPE switchboard_wait_ms gauge
                        switchboard_wait_ms{le="1"} NaN
                        """)))
                .containsExactly(
                        "switchboard_things has no HELP",
                        "switchboard_things is a counter: counters, and only they, end in _total",
                        "switchboard_wait_ms is not in a base unit",
                        "switchboard_things has the label conversation=room-1",
                        "switchboard_wait_ms has le and is no histogram",
                        "switchboard_wait_ms{le=1} has no value");
    }

    @ParameterizedTest
    @CsvSource({
        "room-1, delivered, none, none",
        "fail-700, dead, gone, -700",
        "fail-98765, dead, unmapped, other",
        "garbage, dead, unmapped, other",
    })
    void anOutcomeIsCountedWithItsClassAndCode(String conversation, String state, String failureClass, String code) {
        String[] labels = {
            "vendor", "happytalk", "account", "default", "state", state, "class", failureClass, "code", code
        };
        // a message of another test may end meanwhile
        await("one outcome alone").untilAsserted(() -> {
            double before = scrape().sum(MESSAGES, labels);
            Scrape now = finish(message(unlike(conversation)));
            assertThat(now.sum(MESSAGES, labels) - before).isEqualTo(1);
        });
    }

    @Test
    void messagesAddNoSeriesOfTheirOwn() {
        finish(message(unlike("fail-90001")));
        int before = scrape().samples().size();
        IntStream.range(90_002, 90_010).forEach(i -> finish(message(unlike("fail-" + i))));
        assertThat(scrape().samples()).hasSize(before);
    }

    @Test
    void anAttemptIsTimed() {
        // a message of another test may end meanwhile
        await("one attempt alone").untilAsserted(this::assertThatAnAttemptIsTimed);
    }

    private void assertThatAnAttemptIsTimed() {
        String[] call = {"vendor", "happytalk", "account", "default", "operation", "send", "disposition", "delivered"};
        Scrape before = scrape();
        Scrape now = finish(message(unlike("slow-300")));
        String name = "switchboard_vendor_call_seconds";
        assertThat(now.sum(name + "_count", call) - before.sum(name + "_count", call))
                .isEqualTo(1);
        assertThat(now.sum(name + "_sum", call) - before.sum(name + "_sum", call))
                .isBetween(0.3, 2.0);
        String waited = "switchboard_intake_to_vendor_seconds_count";
        assertThat(now.sum(waited) - before.sum(waited)).isEqualTo(1);
    }

    @Test
    void whatComesInIsCountedByWhatWasMadeOfIt() {
        ObjectNode message = message("room-of-intake");
        Scrape before = scrape();
        bus.submit(message);
        bus.submit(message);
        bus.submit(message.deepCopy().put("text", "another text"));
        bus.submit(message("").put("operation", "dance"));
        Scrape now = scrape();
        for (String result : new String[] {"accepted", "duplicate", "conflict", "invalid"}) {
            String[] labels = {"intake", "rest", "result", result};
            assertThat(now.sum(INTAKE, labels) - before.sum(INTAKE, labels))
                    .as(result)
                    .isEqualTo(1);
        }
        assertThat(now.sum(INTAKE) - before.sum(INTAKE)).isEqualTo(4);
    }

    @Test
    void aLaneShowsWhatWaitsAndSinceWhen() {
        String[] lane = {"vendor", "happytalk", "account", "chat-only"};
        String[] paused = {"vendor", "happytalk", "account", "chat-only", "state", "paused"};
        bus.post("/lanes/happytalk/chat-only/pause", "{}");
        try {
            bus.submit(message("room-1").put("account", "chat-only"));
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(this::scrape, now -> now.sum("switchboard_lane_oldest_seconds", lane) > 0.5);
            assertThat(scrape().sum("switchboard_lane_depth", lane)).isPositive();
            assertThat(scrape().sum("switchboard_lane_state", paused)).isEqualTo(1);
        } finally {
            bus.post("/lanes/happytalk/chat-only/resume", "{}");
        }
    }

    @Test
    void eachCircuitIsInOneState() {
        Scrape now = scrape();
        String circuits = "switchboard_circuit_state";
        assertThat(now.sum(circuits, "vendor", "kakao", "api", "relay", "state", "closed"))
                .isEqualTo(1);
        assertThat(now.sum(circuits, "vendor", "kakao", "api", "relay")).isEqualTo(1);
    }

    @Test
    void eachIntakeIsInOneState() {
        Scrape now = scrape();
        String intakes = "switchboard_intake_state";
        assertThat(now.sum(intakes, "intake", "rest", "state", "running")).isEqualTo(1);
        for (String intake : new String[] {"rest", "file", "queue"}) {
            assertThat(now.sum(intakes, "intake", intake)).as(intake).isEqualTo(1);
        }
    }

    @Test
    void aDeadLetterIsOpenUntilItIsHandled() {
        String[] lane = {"vendor", "happytalk", "account", "chat-only"};
        String open = "switchboard_dead_letters_open";
        double before = scrape().sum(open, lane);
        ObjectNode message = message(unlike("fail-700")).put("account", "chat-only");
        finish(message);
        awaitSum(open, before + 1, lane);
        String id = message.path("id").asText();
        assertThat(bus.post("/messages/" + id + "/discard", "{\"reason\":\"a test\"}")
                        .status())
                .isEqualTo(200);
        awaitSum(open, before, lane);
    }

    /** What the store holds is read once a second. */
    private void awaitSum(String name, double sum, String... labels) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> scrape().sum(name, labels) == sum);
    }
}
