package dev.switchboard.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the packaged bus tells of a message's way: to a collector of traces, and in its log. */
class TracesIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    private static Map<String, String> settings(Map<String, String> more) {
        var settings = new HashMap<>(more);
        settings.put("switchboard.sandbox.enabled", "true");
        return settings;
    }

    private static void send(RunningBus bus, String id, String conversation) throws IOException {
        RestClient rest = bus.rest();
        String message = "{\"id\":\"" + id + "\",\"vendor\":\"happytalk\",\"operation\":\"send\",\"conversationId\":\""
                + conversation + "\",\"customerId\":\"anna-1\",\"text\":\"words of a customer\"}";
        assertThat(rest.ask(rest.request("/messages")
                                .header("Content-Type", "application/json")
                                .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                                .POST(BodyPublishers.ofString(message)))
                        .status())
                .isEqualTo(202);
    }

    private static Collector.Received named(List<Collector.Received> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + spans));
    }

    @Test
    void aMessageStaysInTheTraceOfItsSenderAcrossARestartAndALogForProgramsHasALineForEachEvent() throws Exception {
        Path folder = RunningBus.newFolder("traces");
        try (var collector = new Collector()) {
            Map<String, String> settings = settings(Map.of(
                    "quarkus.otel.sdk.disabled", "false",
                    "quarkus.otel.exporter.otlp.endpoint", collector.url(),
                    "quarkus.otel.exporter.otlp.protocol", "http/protobuf",
                    "quarkus.otel.bsp.schedule.delay", "200ms",
                    "quarkus.log.console.json.enabled", "true",
                    "quarkus.log.category.\"dev.switchboard\".level", "DEBUG"));
            try (RunningBus bus = RunningBus.start(folder, settings)) {
                bus.rest().post("/lanes/happytalk/default/pause", "{\"reason\":\"held until the restart\"}");
                send(bus, "traced", "fail-700");
                await("the acceptance").until(() -> !collector.spans().isEmpty());
            }
            try (RunningBus bus = RunningBus.start(folder, settings)) {
                bus.rest().post("/lanes/happytalk/default/resume", "");
                await("the attempt").until(() -> collector.spans().size() == 2);
                assertThatEachLineIsJson(bus);
            }
            Collector.Received accepted = named(collector.spans(), "accept rest");
            assertThat(accepted.trace()).isEqualTo(TRACE);
            assertThat(accepted.parent()).isEqualTo(CALLER);
            Collector.Received attempt = named(collector.spans(), "happytalk send");
            assertThat(attempt.trace()).isEqualTo(TRACE);
            assertThat(attempt.parent()).isEqualTo(accepted.id());
            assertThat(attempt.attributes()).contains("traced", "happytalk/default", "gone");
            assertThat(collector.spans().toString()).doesNotContain("words of a customer", "anna-1");
        }
    }

    private static void assertThatEachLineIsJson(RunningBus bus) throws IOException {
        await("the attempt's line").until(() -> bus.log().contains("\"messageId\":\"traced\""));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : bus.log().split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(RestClient.JSON.readTree(line));
            }
        }
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("timestamp").asText()).isNotEmpty());
        assertThat(lines)
                .filteredOn(line -> line.at("/mdc/messageId").asText().equals("traced"))
                .first()
                .satisfies(line -> assertThat(line.at("/mdc/lane").asText()).isEqualTo("happytalk/default"));
        assertThat(bus.log()).doesNotContain("words of a customer", "anna-1");
    }
}
