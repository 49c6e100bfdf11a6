package dev.switchboard.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Collection<Vendor> VENDORS = Vendor.readAll(RouteFolder.read(Optional.empty()));
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Sandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(VENDORS, 0);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'uuid':'user-01','room_id':'r','type':'text','msg':'안녕'} | {'code':0,'room_id':'r','message':''}",
                "{'uuid':'user-01','room_id':'r','type':'image','url':'/a.png'} | {'code':0,'room_id':'r','message':''}",
                "{'room_id':'r','type':'text','msg':'x'} | {'code':-801,'message':'Required','field':'uuid'}",
                "{'uuid':12345,'room_id':'r','type':'text','msg':'x'} | {'code':-801,'message':'Required','field':'uuid'}",
                "{'uuid':'user','room_id':'r','type':'text','msg':'x'} | {'code':-802,'message':'Length','field':'uuid'}",
                "{'uuid':'user-01','room_id':'0123456789012345678901234567890','type':'text','msg':'x'} | {'code':-802,'message':'Length','field':'room_id'}",
                "{'uuid':'user-01','room_id':'r','type':'text','url':'x'} | {'code':-801,'message':'Required','field':'msg'}",
                "{'uuid':'user-01','room_id':'r','type':'TEXT','msg':'x'} | {'code':-800,'message':'Validation(Validation-type)','field':'type'}",
                "{'uuid':'user-01','room_id':'r','type':'text','msg':'x',} | {'code':-800,'message':'Validation(Validation-)','field':''}",
                "{'uuid':'user-01','room_id':'fail-700','type':'text','msg':'x'} | {'code':-700,'message':'EndRoom'}",
                "{'uuid':'user-01','room_id':'fail-700-2','type':'text','msg':'x'} | {'code':-700,'message':'EndRoom'}",
                "{'uuid':'user-01','room_id':'fail-1','type':'text','msg':'x'} | {'code':-1,'message':'Unknown'}",
            })
    void aMessageIsCheckedAsTheVendorChecksIt(String body, String answer) throws Exception {
        assertThat(JSON.readTree(write(body.replace('\'', '"')).body()))
                .isEqualTo(JSON.readTree(answer.replace('\'', '"')));
    }

    @Test
    void aWrongSecretIsRefused() throws Exception {
        HttpResponse<String> answer = send(post("/happytalk/v1/chat/end", "{}")
                .header("Content-Type", "application/json")
                .header("HT-Client-Id", "sandbox-client")
                .header("HT-Client-Secret", "wrong"));
        assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(-500);
    }

    @ParameterizedTest
    @CsvSource({
        "sandbox-token, fail-501,      -501, token",
        "sandbox-token, fail-501-uuid, -501, uuid",
        "sandbox-token, fail-503,      -503, room",
        "sandbox-token, fail-503-users-9, -503, users",
        "wrong,         room,          -501, token",
    })
    void oneCodeWithTwoCausesHasTheRightMessage(String token, String room, int code, String message) throws Exception {
        JsonNode answer = transcript(token, room);
        assertThat(answer.path("result").textValue()).isEqualTo("fail");
        assertThat(answer.path("code").intValue()).isEqualTo(code);
        assertThat(answer.path("message").textValue()).isEqualTo(message);
    }

    @Test
    void aTranscriptHasEveryDocumentedKey() throws Exception {
        JsonNode data = transcript("sandbox-token", "방/1").path("data").path(0);
        assertThat(data.path("chat").size()).isEqualTo(37);
        assertThat(data.path("chat").path("id").textValue()).isEqualTo("방/1");
        assertThat(data.path("message")).hasSizeGreaterThan(4).allMatch(message -> message.size() == 9);
    }

    @Test
    void basicAuthenticationIsChecked() throws Exception {
        String path = "/thulium/api/chat_conversations/a%2Fb/stop";
        assertThat(send(stop(path, "sandbox-user:sandbox-password")).statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused = send(stop(path, "sandbox-user:wrong"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(refused.body()).at("/errors/0/code").isInt()).isTrue();
        assertThat(JSON.readTree(refused.body()).path("request_id").textValue()).matches("[0-9a-f]{16}");
    }

    @Test
    void aFailureSpeaksTheLanguageAskedFor() throws Exception {
        HttpResponse<String> answer =
                send(stop("/thulium/api/chat_conversations/fail-404/stop", "sandbox-user:sandbox-password")
                        .header("Accept-Language", "pl"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/message").textValue())
                .isEqualTo("Nie ma takiej konwersacji.");
    }

    @Test
    void theStartPageTakesAFormAndAQuery() throws Exception {
        HttpResponse<String> form = send(post("/kakao/v1/chat/write", "uuid=%40shop&extra=order+17")
                .header("Content-Type", "application/x-www-form-urlencoded"));
        assertThat(form.statusCode()).isEqualTo(302);
        assertThat(form.headers().firstValue("Location").orElse("")).contains("channel=%40shop");
        assertThat(send(get("/kakao/v1/chat/write?uuid=%40shop&extra=http-502-a"))
                        .statusCode())
                .isEqualTo(502);
        assertThat(send(get("/kakao/v1/chat/write?uuid=shop")).statusCode()).isEqualTo(400);
        HttpResponse<String> page = send(get("/kakao/login?channel=%3Cscript%3E"));
        assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script>");
    }

    @ParameterizedTest
    @CsvSource({"http-503, 503, 1", "http-429-x, 429, 1", "http-500, 500, "})
    void aBareStatusComesWithItsRetryAfter(String room, int status, String retryAfter) throws Exception {
        HttpResponse<String> answer = write(room("user-01", room));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Retry-After")).isEqualTo(Optional.ofNullable(retryAfter));
    }

    @Test
    void garbageIsNoJson() throws Exception {
        String answer = write(room("user-01", "garbage")).body();
        assertThatThrownBy(() -> JSON.readTree(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void dropCutsTheConnectionAfterTheRequest() throws Exception {
        long before = sandbox.requests().getOrDefault("POST /happytalk/v1/chat/write", 0L);
        assertThatThrownBy(() -> write(room("user-01", "drop"))).isInstanceOf(IOException.class);
        assertThat(sandbox.requests().get("POST /happytalk/v1/chat/write")).isGreaterThan(before);
    }

    @Test
    void slowAnswersHoldUpNobody() {
        Instant begin = Instant.now();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 300)
                .mapToObj(i -> CLIENT.sendAsync(writing(room("user-01", "slow-700-" + i)), BodyHandlers.ofString()))
                .toList();
        assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
        assertThat(Duration.between(begin, Instant.now())).isBetween(Duration.ofMillis(700), Duration.ofSeconds(10));
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        try (var socket = new Socket("127.0.0.1", sandbox.port())) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write("GET /kakao/v1/chat/write?uuid=%40a HTTP/1.1\r\nHost: a\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(head(socket)).startsWith("HTTP/1.1 302");
            }
        }
    }

    @Test
    void aRequestForNothingThatIsOfferedFailsAsTheVendorFails() throws Exception {
        assertThat(JSON.readTree(send(get("/happytalk/v1/chat/write")).body())
                        .path("code")
                        .asInt())
                .isEqualTo(-400);
        assertThat(send(get("/thulium/api/nothing")).statusCode()).isEqualTo(404);
        assertThat(send(get("/unknown/v1")).statusCode()).isEqualTo(404);
    }

    @Test
    void aBodyOverAMebibyteIsRefused() throws Exception {
        assertThat(write("x".repeat(1024 * 1024 + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void theSettingsPointEveryDefaultAccountAtIt() {
        assertThat(Sandbox.settings(VENDORS, 9900))
                .containsEntry("switchboard.vendors.thulium.accounts.default.url", "http://127.0.0.1:9900/thulium/api")
                .containsEntry("switchboard.vendors.happytalk.accounts.default.token", "sandbox-token");
    }

    @Test
    void aMisspeltNameStopsTheStart() throws Exception {
        var wrong = new Vendor(
                "acme",
                "Acme",
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                Vendor.yaml().readTree("""
                settings: {}
                otherwise: { api: web, code: 1 }
                apis: { web: { failure: { body: { code: "{kode}" } }, codes: [{ code: 1 }] } }
                operations: {}
                """));
        assertThatThrownBy(() -> Sandbox.start(List.of(wrong), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("routes/vendors/acme/vendor.yaml")
                .hasMessageContaining("kode");
    }

    private static String head(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        return head.toString();
    }

    private static String room(String uuid, String room) {
        return JSON.createObjectNode()
                .put("uuid", uuid)
                .put("room_id", room)
                .put("type", "text")
                .put("msg", "안녕하세요")
                .toString();
    }

    private static JsonNode transcript(String token, String room) throws Exception {
        String body =
                JSON.createObjectNode().put("token", token).put("room_id", room).toString();
        return JSON.readTree(
                send(post("/happytalk/user/api/chat_data/format/json", body).header("Content-Type", "application/json"))
                        .body());
    }

    private static HttpResponse<String> write(String body) throws Exception {
        return CLIENT.send(writing(body), BodyHandlers.ofString());
    }

    private static HttpRequest writing(String body) {
        return post("/happytalk/v1/chat/write", body)
                .header("Content-Type", "application/json")
                .header("HT-Client-Id", "sandbox-client")
                .header("HT-Client-Secret", "sandbox-client-secret")
                .build();
    }

    private static HttpRequest.Builder stop(String path, String user) {
        return post(path, "")
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpRequest.Builder post(String path, String body) {
        return request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder get(String path) {
        return request(path).GET();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sandbox.port() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
