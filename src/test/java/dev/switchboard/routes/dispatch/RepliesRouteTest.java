package dev.switchboard.routes.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.routes.RouteTest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesRouteTest extends RouteTest {

    RepliesRouteTest() {
        super("dispatch/replies");
    }

    @ParameterizedTest
    @ValueSource(strings = {"answers", "team:answers", "answers?priority=9"})
    void anOutcomeGoesToTheQueueThatAskedForIt(String queue) throws Exception {
        advise("replies", ends -> ends.replaceFromWith("direct:replies"));
        send("direct:replies", "the view", Map.of(), Map.of("replyTo", queue, "correlationId", "c-1"));
        assertThat(sentByJms()).hasSize(1);
        var sent = sentByJms().get(0).getMessage();
        assertThat(sent.getBody()).isEqualTo("the view");
        assertThat(sent.getHeader("JMSCorrelationID")).isEqualTo("c-1");
        assertThat(sent.getHeader("CamelJmsDestinationName")).isEqualTo(queue);
    }
}
