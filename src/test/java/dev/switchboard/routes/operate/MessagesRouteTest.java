package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Message;
import dev.switchboard.routes.ApiRouteTest;
import dev.switchboard.store.Incoming;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessagesRouteTest extends ApiRouteTest {

    @BeforeEach
    void keep() throws Exception {
        var message = new Message(json("{'id':'shown','vendor':'acme','account':'one','operation':'send'}"));
        var source = Incoming.Source.of("rest", null);
        store.messages()
                .accept(List.of(new Incoming(message, "chat", Long.MAX_VALUE, source)))
                .join();
    }

    private JsonNode ask(String route, Map<String, Object> parameters) throws Exception {
        Exchange done = send("direct:" + route, "", parameters, Map.of());
        JsonNode answer = answer(done);
        assertThat(done.getMessage().getHeaders()).containsOnlyKeys("Content-Type");
        return answer;
    }

    private static Map<String, Object> query(String query) {
        return Map.of(Exchange.HTTP_QUERY, query);
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
        assertThat(ask("listMessages", query("vendor=acme&account=one&state=accepted"))
                        .path("messages")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("shown");
    }

    @Test
    void aParameterThatMakesNoSenseIsRefused() throws Exception {
        JsonNode problem = assertProblem(send("direct:listMessages", "", query("state=x"), Map.of()), 422);
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo("state");
    }

    @Test
    void aParameterThatNobodyKnowsIsRefusedByItsName() throws Exception {
        for (String route : List.of("listMessages", "listDeadLetters", "listDeadLetterGroups")) {
            JsonNode problem =
                    assertProblem(send("direct:" + route, "", query("stat=dead&conversatio=x"), Map.of()), 400);
            assertThat(problem.path("errors").findValuesAsText("field")).containsExactly("stat", "conversatio");
        }
    }

    @Test
    void aListIsAFileThatNoSpreadsheetTakesForFormulas() throws Exception {
        var message = new Message(
                json(
                        "{'id':'formula','vendor':'acme','account':'export','operation':'send','text':'=1+1, \\u0022x\\u0022'}"));
        var source = Incoming.Source.of("rest", null);
        store.messages()
                .accept(List.of(new Incoming(message, "chat", Long.MAX_VALUE, source)))
                .join();
        assertThat(file("account=export&format=csv").lines())
                .satisfiesExactly(
                        header -> assertThat(header)
                                .startsWith("\ufeffid,vendor,account")
                                .contains(",failure.class,"),
                        row -> assertThat(row)
                                .startsWith("formula,acme,export,send,")
                                .contains("\"'=1+1, \"\"x\"\"\""));
        assertThat(json(file("account=export&format=jsonl")).path("id").asText())
                .isEqualTo("formula");
        assertProblem(send("direct:listMessages", "", query("format=xls"), Map.of()), 422);
    }

    private String file(String query) {
        Exchange done = send("direct:listMessages", "", query(query), Map.of());
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader("Content-Disposition", String.class))
                .startsWith("attachment; filename=\"messages.");
        return done.getMessage().getBody(String.class);
    }

    @Test
    void groupsAreListed() throws Exception {
        assertThat(ask("listDeadLetterGroups", Map.of()).path("groups").isArray())
                .isTrue();
    }

    @Test
    void onlyDeadAndUncertainMessagesAreDeadLetters() throws Exception {
        assertThat(ask("listDeadLetters", query("vendor=acme")).path("messages"))
                .isEmpty();
    }

    @Test
    void aDiscardNeedsAReasonAndAnEditedMessageHasToBeValid() throws Exception {
        Map<String, Object> shown = Map.of("id", "shown");
        JsonNode problem = assertProblem(send("direct:discardMessage", "{}", shown, Map.of()), 422);
        assertThat(problem.path("errors").findValuesAsText("field")).containsExactly("reason");
        assertProblem(send("direct:discardMessage", "{\"reason\":\"x\"}", Map.of("id", "nobody"), Map.of()), 404);
        assertProblem(send("direct:tryMessage", "", Map.of("id", "nobody"), Map.of()), 404);
        assertProblem(send("direct:undiscardMessage", "", shown, Map.of()), 409);
        assertProblem(send("direct:replayMessage", "{\"vendor\":\"acme\"}", shown, Map.of()), 422);
        assertProblem(send("direct:replayMessage", "{", shown, Map.of()), 400);
    }

    @Test
    void whatIsNotDeadIsNotSentAgainAndWhatIsNotUncertainIsNotResolved() throws Exception {
        assertProblem(send("direct:replayMessage", "", Map.of("id", "shown"), Map.of()), 409);
        assertProblem(send("direct:resolveMessage", "", Map.of("id", "shown"), Map.of()), 409);
    }
}
