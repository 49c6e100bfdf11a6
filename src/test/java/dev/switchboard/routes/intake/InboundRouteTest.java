package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.inbound.InboundEvent;
import dev.switchboard.inbound.InboundMessages;
import dev.switchboard.routes.RouteTest;
import dev.switchboard.store.Filter;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What vendors call, in the forms of {@code contract/inbound.*.yaml}, and the event that a receiver sees of it. */
class InboundRouteTest extends RouteTest {

    private static final String FILES = "vendors/[^/]+/contract/inbound\\.[^/]+\\.yaml";

    InboundRouteTest() {
        super(
                "intake/inbound",
                "vendors/happytalk/inbound",
                "vendors/thulium/inbound",
                "vendors/kakao/inbound",
                "vendors/receivers/event");
    }

    /** A call of a vendor with what is made of it. */
    record Scenario(String vendor, String name, JsonNode spec) {

        byte[] body() {
            return (spec.has("text")
                            ? spec.path("text").asText()
                            : spec.path("body").toString())
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return vendor + ": " + name;
        }
    }

    static List<Scenario> scenarios() throws IOException {
        var all = new ArrayList<Scenario>();
        for (String file : FOLDER.names(FILES)) {
            for (JsonNode each : Vendor.yaml().readTree(FOLDER.bytes(file))) {
                all.add(new Scenario(file.split("/", -1)[1], each.path("name").asText(), each));
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("inboundMessages", new InboundMessages(vendors, lifetime, store));
    }

    /** Returns the ids under which a call was kept. */
    private List<?> call(String vendor, String path, String type, String body) {
        return call(vendor, path, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private List<?> call(String vendor, String path, String type, byte[] body) {
        Exchange done = template.send(
                "direct:inbound",
                exchange -> InboundEvent.begin(
                        exchange, vendors.account(vendor, "crm").orElseThrow(), path, type, body));
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(List.class);
    }

    private JsonNode event(Object id) {
        ObjectNode message = store.messages().get(id.toString()).orElseThrow().json();
        return template.requestBody("direct:receivers-event", message, JsonNode.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void aReceiverSeesThisEvent(Scenario scenario) {
        JsonNode spec = scenario.spec;
        List<?> ids = call(
                scenario.vendor,
                spec.path("path").asText(),
                spec.path("type").asText("application/json"),
                scenario.body());
        assertThat(ids).hasSize(1);
        JsonNode event = event(ids.get(0));
        assertThat(event.path("vendor").asText()).isEqualTo(scenario.vendor);
        assertThat(event.path("account").asText()).isEqualTo("crm");
        assertThat(event.has("raw")).isTrue();
        assertThat(differences(spec.path("event"), event, ""))
                .as(event.toPrettyString())
                .isEmpty();
    }

    private static List<String> differences(JsonNode expected, JsonNode found, String at) {
        var all = new ArrayList<String>();
        expected.properties().forEach(field -> {
            JsonNode other = found.path(field.getKey());
            if (field.getValue().isNull()
                    ? !other.isMissingNode()
                    : field.getValue().isObject()) {
                all.addAll(
                        field.getValue().isNull()
                                ? List.of(at + field.getKey() + " is there")
                                : differences(field.getValue(), other, at + field.getKey() + "."));
            } else if (!field.getValue().isNull()
                    && !Objects.equals(field.getValue().toString(), other.toString())) {
                all.add(at + field.getKey() + " is " + other);
            }
        });
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                          | UTF-8        | 안녕 뷁",
                "application/json; charset=utf-8           | UTF-8        | zażółć",
                "application/json; charset=EUC-KR          | MS949        | 안녕 뷁",
                "application/json;Charset=\"windows-1250\" | windows-1250 | zażółć",
                "application/json; charset=ISO-2022-KR     | ISO-2022-KR  | 안녕",
                "application/json; charset=utf-16          | UTF-16       | 안녕 abc",
                "application/json; charset=utf-16le        | UTF-16LE     | abc",
                "application/json; charset=utf-16          | UTF-8        | abc",
                "application/json; charset=iso-8859-1      | UTF-8        | 안녕",
                "application/json; charset=nothing         | UTF-8        | 안녕",
                "application/json                          | ISO-8859-1   | déjà",
            })
    void aBodyIsReadInTheCharacterSetThatItIsIn(String type, Charset sent, String text) {
        String body = "{\"session_id\":\"charset\",\"type\":\"text\",\"content\":\"" + text + "\"}";
        List<?> ids = call("kakao", "/message", type, body.getBytes(sent));
        assertThat(event(ids.get(0)).path("text").asText()).isEqualTo(text);
    }

    @Test
    void aFormIsReadInTheCharacterSetThatIsNamed() {
        String body = "session_id=form&type=text&content=%BE%C8%B3%E7";
        List<?> ids = call("kakao", "/message", "application/x-www-form-urlencoded; charset=euc-kr", body);
        assertThat(event(ids.get(0)).path("text").asText()).isEqualTo("안녕");
    }

    @Test
    void whatNoStoreCanHoldIsReplaced() {
        String body =
                "{\"session_id\":\"odd\",\"type\":\"text\",\"content\":\"a\\u0000b\\ud800c\",\"\\udc00\":[\"\\u0000\"]}";
        JsonNode event =
                event(call("kakao", "/message", "application/json", body).get(0));
        assertThat(event.path("text").asText()).isEqualTo("a\uFFFDb\uFFFDc");
        assertThat(event.path("raw").path("\uFFFD").path(0).asText()).isEqualTo("\uFFFD");
    }

    @Test
    void theSameEventIsKeptOnce() {
        String body =
                "{\"session_id\":\"dup\",\"serial_number\":1689000000000000999,\"type\":\"text\",\"content\":\"hi\"}";
        List<?> first = call("kakao", "/message", "application/json", body);
        List<?> second = call("kakao", "/message", "application/json", body);
        assertThat(second).isEqualTo(first);
        assertThat(inConversation("kakao/crm/dup")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStartOfASessionComesBeforeOrAfterItsFirstMessage(boolean before) {
        String session = "start-" + before;
        String start =
                "{\"session_id\":\"" + session + "\",\"time\":1760000000123,\"reference\":{\"extra\":\"order-12\"}}";
        String message =
                "{\"session_id\":\"" + session + "\",\"serial_number\":1,\"type\":\"text\",\"content\":\"hi\"}";
        List<String> paths = before ? List.of("/reference", "/message") : List.of("/message", "/reference");
        for (int again = 0; again < 1_000; again++) {
            paths.forEach(path -> call("kakao", path, "application/json", path.equals("/message") ? message : start));
        }
        assertThat(store.messages().search(new Filter().conversation("kakao/crm/" + session), Long.MAX_VALUE, 500))
                .extracting(found -> found.view().path("kind").asText())
                .containsExactly(before ? "message" : "started", before ? "started" : "message");
    }

    @Test
    void twoEventsThatShareARoundedNumberAreTwo() {
        String body =
                "{\"session_id\":\"two\",\"serial_number\":1689000000000000000,\"type\":\"text\",\"content\":\"%s\"}";
        call("kakao", "/message", "application/json", body.formatted("one"));
        call("kakao", "/message", "application/json", body.formatted("two"));
        assertThat(inConversation("kakao/crm/two")).isEqualTo(2);
    }

    @Test
    void whatNothingIdentifiesIsKeptAgainAndMarked() {
        List<?> first = call("thulium", "/else", "application/json", "{\"word\":\"yes\"}");
        List<?> again = call("thulium", "/else", "application/json", "{\"word\":\"yes\"}");
        assertThat(event(again.get(0)).path("possibleDuplicate").asBoolean()).isFalse();
        var marked = store.messages().search(new Filter().vendor("receivers"), Long.MAX_VALUE, 500).stream()
                .filter(found -> found.view()
                        .path("id")
                        .asText()
                        .startsWith(first.get(0).toString().replaceFirst("\\..*", "-")))
                .toList();
        assertThat(marked).hasSize(1);
    }

    private long inConversation(String conversation) {
        return store.messages()
                .search(new Filter().conversation(conversation), Long.MAX_VALUE, 500)
                .size();
    }
}
