package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Message;
import dev.switchboard.routes.RouteTest;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class MessagesRouteTest extends RouteTest {

    @BeforeEach
    void keep() throws Exception {
        advise("answer", ends -> ends.weaveAddLast().to("mock:answer"));
        var message = new Message(json("{'id':'shown','vendor':'acme','account':'one','operation':'send'}"));
        var source = Incoming.Source.of("rest", null);
        bean(Store.class)
                .accept(List.of(new Incoming(message, "chat", Long.MAX_VALUE, source)))
                .join();
    }

    private JsonNode ask(String route, Map<String, Object> parameters) throws Exception {
        Exchange done = send("direct:" + route, "", parameters, Map.of());
        assertThat(done.getException()).isNull();
        assertThat(getMockEndpoint("mock:answer").getReceivedCounter()).isEqualTo(1);
        assertThat(done.getMessage().getHeaders()).containsOnlyKeys("Content-Type");
        return json(done.getMessage().getBody(String.class));
    }

    @Test
    void aMessageIsShownByItsId() throws Exception {
        assertThat(ask("getMessage", Map.of("id", "shown")).path("state").asText())
                .isEqualTo("accepted");
    }

    @Test
    void aMessageThatIsNotThereIsNotFound() throws Exception {
        assertProblem(send("direct:getMessage", "", Map.of("id", "nobody"), Map.of()), 404);
    }

    @Test
    void messagesAreListedByTheParameters() throws Exception {
        Map<String, Object> found = Map.of("vendor", "acme", "account", "one", "state", "accepted");
        assertThat(ask("listMessages", found)
                        .path("messages")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("shown");
    }

    @Test
    void aParameterThatMakesNoSenseIsRefused() throws Exception {
        JsonNode problem = assertProblem(send("direct:listMessages", "", Map.of("state", "x"), Map.of()), 422);
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo("state");
    }

    @Test
    void onlyDeadAndUncertainMessagesAreDeadLetters() throws Exception {
        assertThat(ask("listDeadLetters", Map.of("vendor", "acme")).path("messages"))
                .isEmpty();
    }

    @Test
    void lanesAreListed() throws Exception {
        assertThat(ask("listLanes", Map.of()).path("lanes").findValuesAsText("vendor"))
                .contains("happytalk", "thulium");
    }

    @Test
    void batchesAreListedAndShown() throws Exception {
        String id =
                bean(Store.class).beginBatch("shown.csv", "shown.csv").join().id();
        assertThat(ask("listBatches", Map.of("name", "shown.csv"))
                        .path("batches")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(id);
        getMockEndpoint("mock:answer").reset();
        assertThat(ask("getBatch", Map.of("id", id)).path("name").asText()).isEqualTo("shown.csv");
        assertProblem(send("direct:getBatch", "", Map.of("id", "nobody"), Map.of()), 404);
    }
}
