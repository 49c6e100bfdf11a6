package dev.switchboard;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process whose memory is too small for what comes in ends, and a start with more goes on where it ended. */
class OutOfMemoryIT {

    private static final int SMALL = 300;
    private static final int LARGE = 20;
    private static final int LENGTH = 15_000_000;
    private static final int OUT_OF_MEMORY = 3;

    private final int port = Ports.free();

    private Map<String, String> settings(FakeVendor vendor) {
        String happytalk = "switchboard.vendors.happytalk.accounts.default.";
        String thulium = "switchboard.vendors.thulium.accounts.default.";
        return Map.of(
                happytalk + "biz-url",
                vendor.url(),
                happytalk + "client-id",
                "id",
                happytalk + "client-secret",
                "secret",
                thulium + "url",
                vendor.url(),
                thulium + "username",
                "api",
                thulium + "password",
                "password",
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                "" + port);
    }

    @Test
    @Tag("soak")
    void whatWasAcceptedIsDeliveredAfterTheNextStart() throws Exception {
        Path folder = RunningBus.newFolder("out-of-memory");
        Answer done = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\",\"result\":\"success\"}");
        try (FakeVendor vendor = FakeVendor.start().answerBy(request -> done)) {
            int large;
            try (RunningBus bus = RunningBus.start(folder, settings(vendor), "-Xmx72m")) {
                RestClient rest = bus.rest();
                rest.post("/lanes/happytalk/default/pause", "{}");
                rest.post("/lanes/thulium/default/pause", "{}");
                IntStream.range(0, SMALL)
                        .forEach(i -> assertThat(rest.submit(RestClient.send("room-" + i, "x")
                                                .put("id", "small-" + i))
                                        .status())
                                .isEqualTo(202));
                large = sendLargeOnes();
                assertThat(bus.exitStatus()).isEqualTo(OUT_OF_MEMORY);
                assertThat(bus.log()).contains("OutOfMemoryError");
            }
            assertThat(large).as("taken by the broker").isPositive();
            try (RunningBus bus = RunningBus.start(folder, settings(vendor), "-Xmx512m")) {
                RestClient rest = bus.rest();
                rest.post("/lanes/happytalk/default/resume", "{}");
                rest.post("/lanes/thulium/default/resume", "{}");
                await("all")
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> delivered(rest, "small-", SMALL) && delivered(rest, "large-", large));
                assertThat(requests(vendor))
                        .containsEntry("small", (long) SMALL)
                        .satisfies(all -> assertThat(all.get("large")).isBetween((long) large, large + 1L));
                assertThat(bus.rest().submit(RestClient.send("room", "x")).status())
                        .isEqualTo(202);
            }
        }
    }

    /** Returns how many the broker said that it has; of one more it may have been taken without an answer. */
    private int sendLargeOnes() throws JMSException {
        int sent = 0;
        try (JMSContext client = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createContext()) {
            for (; sent < LARGE; sent++) {
                ObjectNode message = RestClient.JSON
                        .createObjectNode()
                        .put("id", "large-" + sent)
                        .put("vendor", "thulium")
                        .put("operation", "send")
                        .put("conversationId", "large-" + sent)
                        .put("text", "x".repeat(LENGTH));
                BytesMessage bytes = client.createBytesMessage();
                bytes.writeBytes(message.toString().getBytes(StandardCharsets.UTF_8));
                client.createProducer().send(client.createQueue("switchboard.messages"), bytes);
            }
        } catch (JMSRuntimeException e) {
            return sent;
        }
        return sent;
    }

    private static boolean delivered(RestClient rest, String begin, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> rest.get("/messages/" + begin + i))
                .map(RestClient.Answer::json)
                .map(view -> view.path("state"))
                .map(JsonNode::asText)
                .allMatch("delivered"::equals);
    }

    private static Map<String, Long> requests(FakeVendor vendor) throws IOException {
        return vendor.requests().stream()
                .collect(groupingBy(request -> request.body().length() > LENGTH ? "large" : "small", counting()));
    }
}
