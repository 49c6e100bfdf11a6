package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.message.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays messages through the packaged routes and looks at what the vendor saw, byte for byte where it matters. */
class VendorRoutesTest extends CamelTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> JSON_ANSWER = Map.of("Content-Type", "application/json");

    private final FakeVendor vendor = FakeVendor.start();

    @AfterEach
    void stop() {
        vendor.close();
    }

    private VendorRoutes routes(String vendor, Map<String, String> settings) throws Exception {
        return new VendorRoutes(context, VendorRoutes.account(vendor, settings));
    }

    private VendorRoutes happytalk() throws Exception {
        return routes(
                "happytalk",
                Map.of(
                        "biz-url",
                        vendor.url(),
                        "customer-url",
                        vendor.url() + "/proxy/",
                        "client-id",
                        "id-1",
                        "client-secret",
                        "${body}]} 비밀 {{x}}",
                        "token",
                        "to\"k${body}"));
    }

    private VendorRoutes thulium() throws Exception {
        return routes(
                "thulium",
                Map.of("url", vendor.url() + "/proxy/api", "username", "api", "password", "pą:ss", "language", "pl"));
    }

    private VendorRoutes kakao(String... settings) throws Exception {
        var all = new HashMap<>(Map.of("url", vendor.url() + "/v1/chat/write", "channel", "@shop"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return routes("kakao", all);
    }

    private Request request() {
        assertThat(vendor.requests()).hasSize(1);
        return vendor.requests().get(0);
    }

    @Test
    void nothingIsSentOnceAnotherInstanceMayServeTheLane() throws Exception {
        VendorRoutes routes = happytalk();
        routes.maySend(false);
        Exchange done = routes.exchange("send", "{'conversationId':'r','customerId':'c','type':'text','text':'x'}");
        assertThat(done.getProperty(Attempt.PROPERTY, Attempt.class).isRefused())
                .isTrue();
        assertThat(vendor.requests()).isEmpty();
    }

    @Test
    void aTextIsSentWithItsKeysInTheVendorsOrder() throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{'code':0,'room_id':'방/1','message':''}".replace('\'', '"'));
        var result = happytalk()
                .result("send", "{'text':'안녕 \\u0022😀','conversationId':'방/1','customerId':'user-01','type':'text'}");
        assertThat(result).hasToString("{\"roomId\":\"방/1\"}");
        assertThat(request().method()).isEqualTo("POST");
        assertThat(request().path()).isEqualTo("/v1/chat/write");
        assertThat(request().body())
                .isEqualTo("{\"uuid\":\"user-01\",\"room_id\":\"방/1\",\"type\":\"text\",\"msg\":\"안녕 \\\"😀\"}");
        assertThat(request().headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("HT-Client-Id", "id-1")
                .doesNotContainKeys("Cookie", "Authorization", "Transfer-Encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', &date_from=2026-01-30&date_to=2026-02-01",
        "'{''from'':''2025-01-01''}', &date_from=2025-01-01",
        "'{''to'':''2025-01-01''}', &date_to=2025-01-01"
    })
    void aTranscriptIsLookedForAroundTheStartThatIsKnown(String fields, String where) throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{\"count\":1,\"result\":[{\"conversation_id\":\"c\"}]}");
        context.getRegistry().bind("conversations", new VendorRoutes.Begun("2026-01-30/2026-02-01"));
        ObjectNode message = (ObjectNode) JSON.readTree(fields.replace('\'', '"'));
        thulium().exchange("transcript", message.put("conversationId", "c"));
        assertThat(request().path()).isEqualTo("/proxy/api/chats?limit=100&offset=0&include_messages=true" + where);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "video", "audio"})
    void aFileIsSentByItsUrl(String type) throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{\"code\":\"0\"}");
        assertThat(happytalk()
                        .result(
                                "send",
                                "{'type':'%s','url':'/a.png','conversationId':'r','customerId':'user-01'}"
                                        .formatted(type)))
                .hasToString("{}");
        assertThat(request().body())
                .isEqualTo(
                        "{\"uuid\":\"user-01\",\"room_id\":\"r\",\"type\":\"%s\",\"url\":\"/a.png\"}".formatted(type));
    }

    @Test
    void aRoomIsEnded() throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{\"code\":0,\"message\":\"\"}");
        assertThat(happytalk().result("end", "{'conversationId':'r','customerId':'user-01'}"))
                .hasToString("{}");
        assertThat(request().path()).isEqualTo("/v1/chat/end");
        assertThat(request().body()).isEqualTo("{\"uuid\":\"user-01\",\"room_id\":\"r\"}");
    }

    @Test
    void theSecretIsSentAsItIsHoweverItLooks() throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{\"code\":0}");
        var routes = routes(
                "happytalk",
                Map.of("biz-url", vendor.url(), "client-id", "a b", "client-secret", "${body}]}{{x}} $simple{id}"));
        routes.result("end", "{'conversationId':'r','customerId':'user-01'}");
        assertThat(request().headers()).containsEntry("HT-Client-Secret", "${body}]}{{x}} $simple{id}");
    }

    @Test
    void noCredentialIsLeftAfterTheCall() throws Exception {
        vendor.enqueue(200, JSON_ANSWER, "{\"result\":\"success\",\"data\":[]}");
        Exchange done = happytalk().exchange("transcript", "{'conversationId':'r'}");
        assertThat(done.getMessage().getHeaders()).doesNotContainKeys("HT-Client-Secret", "Authorization");
        assertThat(done.getVariables().toString()
                        + done.getProperties()
                        + done.getMessage().getHeaders())
                .doesNotContain("to\"k");
    }

    @Test
    void aTranscriptIsAskedForWithTheTokenFirst() throws Exception {
        vendor.enqueue(
                200,
                JSON_ANSWER,
                "{\"result\":\"success\",\"data\":{\"chat\":{\"id\":\"r\",\"reg_date\":\"2022-05-26 10:26:31\"},\"message\":[]}}");
        assertThat(happytalk().result("transcript", "{'conversationId':'방 1'}"))
                .hasToString("{\"conversationId\":\"r\",\"openedAt\":\"2022-05-26T10:26:31+09:00\",\"messages\":[]}");
        assertThat(request().path()).isEqualTo("/proxy/user/api/chat_data/format/json");
        assertThat(request().body()).isEqualTo("{\"token\":\"to\\\"k${body}\",\"room_id\":\"방 1\"}");
        assertThat(request().headers()).containsEntry("Content-Type", "application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "6ed7c941-2c8a-411e-95d2-338a9f64800a|6ed7c941-2c8a-411e-95d2-338a9f64800a",
                "a/b|a%2Fb",
                "../x|..%2Fx",
                "...|...",
                "100%|100%25",
                "%2e%2e|%252e%252e",
                "a b+c|a%20b%2Bc",
                "a?b#c&d=e;f|a%3Fb%23c%26d%3De%3Bf",
                "방|%EB%B0%A9",
                "😀|%F0%9F%98%80",
                "{{sys:user.home}}${body}|%7B%7Bsys%3Auser.home%7D%7D%24%7Bbody%7D",
                "RAW(x)|RAW(x)",
                "it's!*|it's!*",
                "a\\b\"<>^`|a%5Cb%22%3C%3E%5E%60",
                "~_-.:@|%7E_-.%3A%40",
            })
    void aConversationIsOneSegmentOfThePath(String id, String segment) throws Exception {
        ObjectNode message = JSON.createObjectNode().put("conversationId", id);
        vendor.enqueue(200, Map.of(), "");
        Exchange done = thulium().exchange("end", message);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(JsonNode.class)).hasToString("{}");
        assertThat(request().path()).isEqualTo("/proxy/api/chat_conversations/" + segment + "/stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"200|''", "201|{\"ok\":true}", "204|''", "200|\"text\"", "200|null"})
    void anEmptyBodyIsSentAndJsonOrNothingIsSuccess(int status, String answer) throws Exception {
        vendor.enqueue(status, JSON_ANSWER, answer);
        assertThat(thulium().result("end", "{'conversationId':'c'}")).hasToString("{}");
        assertThat(request().method()).isEqualTo("POST");
        assertThat(request().body()).isEmpty();
        assertThat(request().headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Content-Length", "0")
                .containsEntry("Accept-Language", "pl")
                .containsEntry(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("api:pą:ss".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void resultsOfTwoMessagesAreNotOneObject() throws Exception {
        var routes = thulium();
        vendor.enqueue(200, Map.of(), "").enqueue(200, Map.of(), "");
        var first = (ObjectNode) routes.result("end", "{'conversationId':'c'}");
        first.put("changed", true);
        assertThat(routes.result("end", "{'conversationId':'c'}")).hasToString("{}");
    }

    @Test
    void theStartPageIsCalledByPost() throws Exception {
        vendor.enqueue(302, Map.of("Location", "https://accounts.kakao.com/login?a=b"), "");
        String form = "uuid=%40shop&extra=%EC%A3%BC%EB%AC%B8%20a%2Bb%26c%3D1&bot=auto&event=hello%20you";
        assertThat(kakao().result("start", "{'extra':'주문 a+b&c=1','bot':'auto','event':'hello you'}"))
                .hasToString("{\"link\":\"" + vendor.url() + "/v1/chat/write?" + form
                        + "\",\"called\":true,\"httpStatus\":302,\"location\":\"https://accounts.kakao.com/login?a=b\","
                        + "\"extraCut\":false,\"extraEncrypted\":false}");
        assertThat(request().method()).isEqualTo("POST");
        assertThat(request().path()).isEqualTo("/v1/chat/write");
        assertThat(request().body()).isEqualTo(form);
        assertThat(request().headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded")
                .doesNotContainKey("Cookie");
    }

    @Test
    void theStartPageIsCalledByGetWithTheLinkItself() throws Exception {
        vendor.enqueue(200, Map.of("Content-Type", "text/html"), "<html>KakaoTalk</html>");
        ObjectNode message = JSON.createObjectNode()
                .put("extra", "😀%41 {{x}} RAW(+) a;b/c?d|e[f]'*~ ".repeat(20))
                .put("bot", false);
        Exchange done = kakao("call", "GET").exchange("start", message);
        assertThat(done.getException()).isNull();
        JsonNode result = done.getMessage().getBody(JsonNode.class);
        assertThat(result.path("httpStatus").asInt()).isEqualTo(200);
        assertThat(result.has("location")).isFalse();
        assertThat(vendor.url() + request().path())
                .isEqualTo(result.path("link").asText());
        assertThat(request().method()).isEqualTo("GET");
        assertThat(request().body()).isEmpty();
    }

    @Test
    void withoutACallTheLinkIsTheResult() throws Exception {
        JsonNode result = kakao("call", "none").result("start", "{'channel':'@other','bot':'false'}");
        assertThat(result)
                .hasToString(
                        "{\"link\":\"" + vendor.url()
                                + "/v1/chat/write?uuid=%40other&bot=false\",\"called\":false,\"extraCut\":false,\"extraEncrypted\":false}");
        assertThat(vendor.requests()).isEmpty();
    }

    @Test
    void aLinkForABrowserIsMadeWithoutACall() throws Exception {
        Exchange done = kakao().exchange("direct:kakao-link", "start", JSON.createObjectNode());
        JsonNode result = done.getMessage().getBody(JsonNode.class);
        assertThat(result.path("link").asText()).isEqualTo(vendor.url() + "/v1/chat/write?uuid=%40shop");
        assertThat(result.path("called").asBoolean(true)).isFalse();
        assertThat(vendor.requests()).isEmpty();
    }

    @Test
    void personalDataIsRefusedBeforeTheCall() throws Exception {
        assertThatThrownBy(() -> kakao().result("start", "{'extra':'010-1234-5678'}"))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("extra: looks as if it held a phone number")
                .hasMessageNotContaining("1234");
        assertThat(vendor.requests()).isEmpty();
    }
}
