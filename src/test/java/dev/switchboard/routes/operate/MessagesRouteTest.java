package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Message;
import dev.switchboard.routes.ApiRouteTest;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Incoming;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

    private static Message event(String id, String account, String conversation, String kind) throws Exception {
        return new Message(json("{'id':'" + id + "." + account + "','vendor':'receivers','account':'" + account
                + "','operation':'to-queue','from':'kakao/crm','extra':{'message':'seen'},'kind':'" + kind
                + "','customerId':'c','text':'" + id
                + "','url':'http://a.example/" + id + "','conversationId':'kakao/crm/" + conversation + "'}"));
    }

    private void keep(String intake, Message... messages) {
        var source = new Incoming.Source(intake, null, null, null, null, null, intake.equals("rest") ? "crm" : null);
        store.messages()
                .accept(Stream.of(messages)
                        .map(message -> new Incoming(message, "queue", Long.MAX_VALUE, source))
                        .toList())
                .join();
    }

    private List<String> events(String query) throws Exception {
        return ask("listEvents", query(query)).path("events").findValuesAsText("id");
    }

    @Test
    void anEventIsListedOnceHoweverManyReceiversGetIt() throws Exception {
        keep("inbound", event("in-1", "one", "list", "started"), event("in-1", "two", "list", "started"));
        keep("inbound", event("in-2", "one", "list", "message"), event("in-2", "two", "list", "message"));
        keep("inbound", event("in-3", "two", "other", "message"));
        JsonNode first = ask("listEvents", query("vendor=kakao&conversation=list&limit=1"));
        JsonNode event = first.path("events").path(0);
        assertThat(event.path("conversationId").asText()).isEqualTo("list");
        assertThat(event.at("/attachments/0/url").asText()).isEqualTo("http://a.example/in-2");
        assertThat(event.path("handedOn").findValuesAsText("lane"))
                .containsExactlyInAnyOrder("receivers/one", "receivers/two");
        String next = first.path("next").asText();
        JsonNode second = ask("listEvents", query("conversation=list&limit=1&after=" + next));
        assertThat(second.path("events").findValuesAsText("id")).containsExactly("in-1");
        assertThat(second.has("next")).isFalse();
        assertThat(events("vendor=kakao&account=crm")).containsSubsequence("in-3", "in-2", "in-1");
        assertThat(events("kind=started&conversation=list")).containsExactly("in-1");
        assertThat(events("vendor=thulium")).isEmpty();
        assertThat(events("since=2999-01-01T00:00:00Z")).isEmpty();
        assertProblem(send("direct:listEvents", "", query("kind=x"), Map.of()), 422);
    }

    @Test
    void aConversationShowsBothDirectionsInTheirOrder() throws Exception {
        keep("inbound", event("in-5", "one", "both", "started"), event("in-5", "two", "both", "started"));
        for (String id : List.of("reply", "reply-2")) {
            keep(
                    "rest",
                    new Message(json("{'id':'" + id
                            + "','vendor':'kakao','account':'crm','operation':'send','conversationId':'both'}")));
        }
        keep("inbound", event("in-6", "one", "both", "message"));
        keep("inbound", event("in-7", "one", "both-2", "message"));
        Map<String, Object> path = Map.of("vendor", "kakao", "account", "crm", "conversationId", "both");
        JsonNode timeline = ask("getConversation", path).path("timeline");
        assertThat(timeline.findValuesAsText("direction")).containsExactly("in", "out", "out", "in");
        assertThat(timeline.at("/0/event/id").asText()).isEqualTo("in-5");
        assertThat(timeline.at("/1/message/id").asText()).isEqualTo("reply");
        assertThat(timeline.at("/2/message/id").asText()).isEqualTo("reply-2");
        assertThat(timeline.at("/3/event/text").asText()).isEqualTo("in-6");
        assertProblem(
                send(
                        "direct:getConversation",
                        "",
                        Map.of("vendor", "kakao", "account", "crm", "conversationId", "none"),
                        Map.of()),
                404);
        var own = Map.<String, Object>of("caller", new Caller("crm", Set.of("sender"), null, null));
        var other = Map.<String, Object>of("caller", new Caller("shop", Set.of("sender"), null, null));
        assertThat(answer(send("direct:getConversation", "", path, own)).path("timeline"))
                .hasSize(4);
        assertProblem(send("direct:getConversation", "", path, other), 404);
        var seen = query("conversation=both");
        JsonNode events = answer(send("direct:listEvents", "", seen, own)).path("events");
        assertThat(events).hasSize(2);
        assertThat(events.at("/0/extra/message").asText()).isEqualTo("seen");
        assertThat(answer(send("direct:listEvents", "", seen, other)).path("events"))
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
