package dev.switchboard.intake;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import dev.switchboard.RestClient.Answer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What REST answers to what comes in, the table "What bad input gets" row by row. */
@QuarkusTest
@TestProfile(BusProfile.class)
class RestBusTest {

    private static final String SEND =
            "'vendor':'happytalk','operation':'send','customerId':'user-01','conversationId':'r'";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI base;

    @Inject
    CamelContext camel;

    private RestClient bus;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private String newest() {
        return bus.get("/messages?limit=1").json().at("/messages/0/id").asText();
    }

    /** Asserts that a refusal has its form, and that nothing was stored. */
    private void assertRefused(int status, Answer answer, String newestBefore) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").intValue()).isEqualTo(status);
        assertThat(answer.json().path("title").textValue()).isNotEmpty();
        assertThat(newest()).isEqualTo(newestBefore);
    }

    private static List<String> faults(Answer answer) {
        return StreamSupport.stream(answer.json().path("errors").spliterator(), false)
                .map(error -> String.join(
                        " ",
                        error.path("field").asText(),
                        error.path("rule").asText(),
                        error.path("limit").toString(),
                        error.path("length").toString()))
                .map(String::strip)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"a\":1e9999999999}",
                "'text'",
                "17",
                "null",
                "{} {}",
                "{'vendor':'a','vendor':'b'}",
                "{'a':NaN}",
                "<a/>",
            })
    void whatIsNoJsonObjectIsRefusedWith400(String body) {
        String before = newest();
        assertRefused(400, bus.post("/messages", json(body)), before);
    }

    @Test
    void jsonThatIsNestedTooDeepIsRefusedWith400() {
        String before = newest();
        assertRefused(400, bus.post("/messages", "[".repeat(50_000)), before);
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedWith400() {
        String before = newest();
        byte[] body = json("{" + SEND + ",'text':'x'}").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        body[body.length - 3] = (byte) 0xe9;
        var request = bus.request("/messages")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        assertRefused(400, bus.ask(request), before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "application/json; charset=euc-kr",
                "application/jsonlines"
            })
    void anotherMediaTypeIsRefusedWith415(String type) {
        String before = newest();
        String body = json("{" + SEND + ",'text':'x'}");
        assertRefused(415, bus.post("/messages", body, "Content-Type", type), before);
    }

    @Test
    void aMissingMediaTypeIsRefusedWith415() {
        String before = newest();
        var request = bus.request("/messages").POST(BodyPublishers.ofString("{}"));
        assertRefused(415, bus.ask(request), before);
    }

    @Test
    void moreThan256KibibytesAreRefusedWith413() {
        String before = newest();
        try {
            Answer answer = bus.submit(send("r", "x".repeat(256 * 1024)));
            assertThat(answer.status()).isEqualTo(413);
        } catch (UncheckedIOException e) {
            assertThat(e).as("the connection was cut while the rest was sent").isNotNull();
        }
        assertThat(newest()).isEqualTo(before);
    }

    @Test
    void lessThan256KibibytesAreRead() {
        String before = newest();
        Answer answer = bus.submit(send("r", "x".repeat(255 * 1024)));
        assertRefused(422, answer, before);
        assertThat(faults(answer)).containsExactly("text maxLength 1000 261120");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | vendor required, operation required",
                "{'vendor':'acme','operation':'send'} | vendor enum ['happytalk','kakao','thulium']",
                "{'vendor':5,'operation':'send'} | vendor type",
                "{'vendor':'happytalk','operation':'begin'} | operation enum ['available','counsellors','end','send','start','transcript','transcripts']",
                "{'vendor':'thulium','operation':'call'} | operation enum ['end','send','start','subscribe','transcript']",
                "{'vendor':'happytalk','operation':'send'} | conversationId required, customerId required, text required",
                "{" + SEND + ",'text':'x','colour':'red'} | colour unknown",
                "{" + SEND + ",'text':'x','CamelHttpUri':'http://127.0.0.1:9/'} | CamelHttpUri unknown",
                "{" + SEND + ",'text':'x','conversationOf':'a'} | conversationId unused",
                "{" + SEND + ",'text':''} | text minLength 1 0",
                "{" + SEND + ",'text':17} | text type 'string'",
                "{" + SEND + ",'text':1e999999999} | text type 'string'",
                "{" + SEND + ",'text':'x','url':'/a'} | url unused",
                "{" + SEND + ",'type':'image','text':'x'} | text unused, url required",
                "{" + SEND + ",'type':'fax','url':'x'} | type enum ['text','image','video','audio'] 3",
                "{" + SEND + ",'text':'x','account':'crm'} | account configured ['chat-only','default','staffed']",
                "{" + SEND
                        + ",'text':'x','account':'crm','colour':'red'} | colour unknown, account configured ['chat-only','default','staffed']",
                "{" + SEND + ",'text':'x','id':'a b'} | id pattern '^[A-Za-z0-9._:-]{1,128}$' 3",
                "{" + SEND + ",'text':'x','id':''} | id pattern '^[A-Za-z0-9._:-]{1,128}$' 0",
                "{" + SEND + ",'text':'x','notBefore':'tomorrow'} | notBefore format",
                "{" + SEND + ",'text':'x','expiresAt':'2026-01-31T09:00:00'} | expiresAt format",
                "{" + SEND + ",'text':'x','expiresAt':'2016-12-30T23:59:60Z'} | expiresAt format",
                "{" + SEND + ",'text':'x','expiresAt':'2016-02-30T23:59:00Z'} | expiresAt format",
                "{" + SEND + ",'text':'x','expiresAt':''} | expiresAt format",
                "{" + SEND + ",'text':'x','labels':{'a':1}} | labels/a type 'string'",
                "{" + SEND + ",'text':'x','labels':'a'} | labels type 'object' 1",
                "{" + SEND + ",'text':'x\\u0000'} | text characters",
                "{" + SEND + ",'text':'x\\ud83d'} | text characters",
                "{" + SEND + ",'text':'\\ude42x'} | text characters",
                "{" + SEND + ",'text':'x','labels':{'a\\u0000':'b'}} | labels characters",
                "{'vendor':'happytalk','operation':'transcript','conversationId':'r','account':'chat-only'} | account configured",
                "{'vendor':'thulium','operation':'end','conversationId':'.'} | conversationId not  1",
                "{'vendor':'thulium','operation':'end','conversationId':'..'} | conversationId not  2",
                "{'vendor':'kakao','operation':'start','event':'x'} | event unused",
                "{'vendor':'kakao','operation':'start','channel':'shop'} | channel pattern '^@.' 4",
            })
    void eachFaultIsNamedWith422(String body, String expected) {
        String before = newest();
        Answer answer = bus.post("/messages", json(body));
        assertRefused(422, answer, before);
        assertThat(String.join(", ", faults(answer)))
                .isEqualTo(json(expected).replaceFirst("(type) \"(string|object)\"", "$1 \"$2\""));
    }

    @Test
    void lengthsAreCountedInCodePoints() {
        String before = newest();
        Answer tooLong = bus.submit(send("r".repeat(31), "🙂".repeat(1001)).put("customerId", "🙂🙂🙂🙂"));
        assertRefused(422, tooLong, before);
        assertThat(faults(tooLong))
                .containsExactly(
                        "conversationId maxLength 30 31", "customerId minLength 5 4", "text maxLength 1000 1001");
        assertThat(tooLong.text()).doesNotContain("🙂");
        assertThat(bus.submit(send("🙂".repeat(30), "🙂".repeat(1000))).status())
                .isEqualTo(202);
    }

    @Test
    void labelsAreFewAndShort() {
        String before = newest();
        ObjectNode message = send("r", "x");
        ObjectNode labels = message.putObject("labels");
        for (int i = 0; i < 17; i++) {
            labels.put("l" + i, "v");
        }
        labels.put("long", "v".repeat(256));
        Answer answer = bus.submit(message);
        assertRefused(422, answer, before);
        assertThat(faults(answer))
                .containsExactlyInAnyOrder("labels maxProperties 16", "labels/long maxLength 255 256");
    }

    @Test
    void theSameIdAndContentIsTheFirstMessage() {
        ObjectNode message = send("same", "x").put("id", "same-" + UUID.randomUUID());
        Answer first = bus.submit(message);
        assertThat(first.status()).isEqualTo(202);
        JsonNode view = bus.finished(message.path("id").asText());
        ObjectNode again = message.deepCopy().put("account", "default").put("type", "text");
        Answer second = bus.submit(again);
        assertThat(second.status()).as("it is finished").isEqualTo(200);
        assertThat(second.json()).isEqualTo(view);
        assertThat(view.path("attempts")).hasSize(1);
    }

    @Test
    void theSameIdWithOtherContentIsAConflict() {
        ObjectNode message = send("conflict", "x").put("id", "conflict-" + UUID.randomUUID());
        bus.submit(message);
        JsonNode view = bus.finished(message.path("id").asText());
        String before = newest();
        assertRefused(409, bus.submit(message.deepCopy().put("text", "y")), before);
        assertThat(bus.get("/messages/" + message.path("id").asText()).json()).isEqualTo(view);
    }

    @Test
    void aMessageWithoutAnIdGetsOne() {
        Answer answer = bus.submit(send("no-id", "x"));
        assertThat(answer.json().path("id").asText())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(answer.header("Location"))
                .isEqualTo("/messages/" + answer.json().path("id").asText());
        assertThat(bus.get(answer.header("Location")).status()).isEqualTo(200);
    }

    @Test
    void theIdempotencyKeyStandsForTheId() {
        String key = "key-" + UUID.randomUUID();
        Answer first = bus.submit(send("key", "x"), "Idempotency-Key", key);
        assertThat(first.json().path("id").asText()).isEqualTo(key);
        assertThat(bus.submit(send("key", "x"), "Idempotency-Key", key).json().path("acceptedAt"))
                .isEqualTo(first.json().path("acceptedAt"));
        assertThat(bus.submit(send("key", "y"), "Idempotency-Key", key).status())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource({"other, a", "a b, ", "'', "})
    void anIdempotencyKeyThatDiffersOrIsNoIdIsRefused(String key, String id) {
        String before = newest();
        ObjectNode message = send("key", "x");
        if (id != null) {
            message.put("id", id);
        }
        if (key.isEmpty()) {
            key = "x".repeat(129);
        }
        Answer answer = bus.submit(message, "Idempotency-Key", key);
        assertRefused(422, answer, before);
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("Idempotency-Key");
    }

    @Test
    void whoPrefersToWaitGetsTheOutcome() {
        Answer answer = bus.submit(send("slow-200-wait", "x"), "Prefer", "respond-async, wait=10");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("state").asText()).isEqualTo("delivered");
        assertThat(answer.json().path("attempts")).hasSize(1);
    }

    @Test
    void whoWaitsTooShortGetsWhatThereIs() {
        Answer answer = bus.submit(send("slow-1700-wait", "x"), "Prefer", "wait=1");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("state").asText()).isEqualTo("sending");
        assertThat(bus.finished(answer.json().path("id").asText()).path("state").asText())
                .isEqualTo("delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/messages/missing", "/messages/..%2F..", "/messages/%00", "/batches/missing"})
    void anUnknownIdIs404(String path) {
        assertRefused(404, bus.get(path), newest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"방 1/../%2e", "a/b", "..", ".", "%", "👟", "a?b#c;d=e&f", "{{x}}${body}"})
    void aConversationIsNeverAnotherPath(String conversation) {
        ObjectNode end = RestClient.JSON
                .createObjectNode()
                .put("vendor", conversation.matches("\\.+") ? "happytalk" : "thulium")
                .put("operation", "end")
                .put("conversationId", conversation);
        if (conversation.matches("\\.+")) {
            end.put("customerId", "user-01");
        }
        Answer answer = bus.submit(end, "Prefer", "wait=10");
        assertThat(answer.json().path("state").asText()).as(answer.text()).isEqualTo("delivered");
        assertThat(answer.json().path("conversationId").asText()).isEqualTo(conversation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CamelHttpUri",
                "CamelHttpPath",
                "CamelHttpQuery",
                "CamelHttpMethod",
                "CamelHttpHost",
                "CamelHttpPort",
                "CamelHttpScheme",
                "CamelHttpRawQuery",
                "CamelHttpResponseCode",
                "CamelAuthentication",
                "CamelToEndpoint",
                "Authorization",
                "HT-Client-Secret",
                "Cookie",
                "X-HTTP-Method-Override"
            })
    void aHeaderOfTheCallersHasNoEffectOnTheVendorCall(String header) {
        Answer answer = bus.submit(send("headers", "x"), "Prefer", "wait=10", header, "/nowhere");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("state").asText()).isEqualTo("delivered");
        assertThat(answer.json().at("/attempts/0/request/url").asText()).endsWith("/happytalk/v1/chat/write");
    }

    @Test
    void aParameterOfTheCallersHasNoEffectOnTheVendorCall() {
        Answer answer = bus.get("/transcripts/happytalk/default/r-1?CamelHttpPath=/x&CamelHttpUri=http://127.0.0.1:9"
                + "&CamelHttpMethod=GET&conversationId=other&vendor=kakao&operation=end");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("\"r-1\"").doesNotContain("other");
    }

    @Test
    void aListHasNewestFirstAndGoesOnAtItsCursor() {
        String conversation = "page-" + UUID.randomUUID().toString().substring(0, 20);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(0, bus.submit(send(conversation, "x" + i)).json().path("id").asText());
        }
        ids.forEach(bus::finished);
        List<String> found = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = bus.get("/messages?limit=3&conversation=" + conversation + after)
                    .json();
            page.path("messages").forEach(message -> {
                found.add(message.path("id").asText());
                assertThat(message.has("attempts") || message.has("result")).isFalse();
                assertThat(message.path("state").asText()).isEqualTo("delivered");
            });
            after = page.has("next") ? "&after=" + page.path("next").asText() : "";
        } while (!after.isEmpty());
        assertThat(found).isEqualTo(ids);
    }

    @Test
    void aListIsNarrowedByEachFilter() {
        String tag = UUID.randomUUID().toString().substring(0, 8);
        ObjectNode message = send("fail-704-f-" + tag, "x");
        message.putObject("labels").put("order", tag);
        String id = bus.submit(message).json().path("id").asText();
        JsonNode view = bus.finished(id);
        assertThat(view.at("/failure/class").asText()).isEqualTo("refused");
        String at = view.path("acceptedAt").asText();
        String own = "conversation=fail-704-f-" + tag + "&";
        for (String filter : List.of(
                "state=dead",
                "vendor=happytalk",
                "account=default",
                "vendor=happytalk&account=default",
                "class=refused",
                "code=-704",
                "from=" + at,
                "to=2999-01-01T00:00:00Z")) {
            assertThat(ids("/messages?" + own + filter)).as(filter).containsExactly(id);
            assertThat(ids("/dead-letters?" + own + filter)).as(filter).containsExactly(id);
        }
        for (String filter : List.of(
                "state=delivered",
                "vendor=kakao",
                "account=chat-only",
                "vendor=happytalk&account=chat-only",
                "class=gone",
                "code=-700",
                "to=" + at,
                "batch=none",
                "from=2999-01-01T00:00:00Z")) {
            assertThat(ids("/messages?" + own + filter)).as(filter).isEmpty();
        }
    }

    private List<String> ids(String path) {
        Answer answer = bus.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("messages").spliterator(), false)
                .map(message -> message.path("id").asText())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "state=sent, state",
        "class=bad, class",
        "from=yesterday, from",
        "to=1, to",
        "after=%21, after",
        "limit=0, limit",
        "limit=1001, limit",
        "limit=x, limit",
        "limit=-1, limit"
    })
    void aFilterThatMeansNothingIsRefused(String filter, String field) {
        for (String list : List.of("/messages?", "/dead-letters?")) {
            Answer answer = bus.get(list + filter);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
        }
    }

    @Test
    void deadLettersAreTheDeadAndTheUncertain() {
        String tag = UUID.randomUUID().toString().substring(0, 8);
        String dead = bus.submit(send("fail-700-" + tag, "x")).json().path("id").asText();
        String uncertain =
                bus.submit(send("drop-" + tag, "x")).json().path("id").asText();
        String delivered =
                bus.submit(send("well-" + tag, "x")).json().path("id").asText();
        assertThat(bus.finished(dead).path("state").asText()).isEqualTo("dead");
        assertThat(bus.finished(uncertain).path("state").asText()).isEqualTo("uncertain");
        assertThat(bus.finished(delivered).path("state").asText()).isEqualTo("delivered");
        assertThat(ids("/dead-letters?limit=5")).contains(uncertain, dead).doesNotContain(delivered);
        assertThat(ids("/dead-letters?class=uncertain&limit=1")).containsExactly(uncertain);
    }

    @Test
    void lanesAreListedWithWhatWaitsInThem() {
        JsonNode lanes = bus.get("/lanes").json().path("lanes");
        assertThat(lanes).allSatisfy(lane -> {
            assertThat(lane.path("state").asText()).isEqualTo("running");
            assertThat(lane.path("depth").isInt()).isTrue();
            assertThat(lane.path("inFlight").isInt()).isTrue();
        });
        assertThat(StreamSupport.stream(lanes.spliterator(), false)
                        .map(lane -> lane.path("vendor").asText() + "/"
                                + lane.path("account").asText()))
                .contains("happytalk/chat-only", "happytalk/default", "kakao/default", "thulium/default")
                .isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"r-1", "방 1", "a/b", "%", "a+b"})
    void aTranscriptIsAnsweredAtOnce(String conversation) {
        Answer answer = bus.get("/transcripts/happytalk/default/" + RestClient.encoded(conversation));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().toString())
                .contains(
                        "운동화",
                        RestClient.JSON.getNodeFactory().textNode(conversation).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "happytalk/default/fail-503, 404",
        "happytalk/default/fail-504, 422",
        "happytalk/default/fail-501, 502",
        "happytalk/default/fail-502, 502",
        "happytalk/default/garbage, 502",
        "happytalk/default/http-503, 503",
        "happytalk/default/http-500, 503",
        "happytalk/default/drop, 504",
        "happytalk/default/slow-4000, 504",
        "happytalk/missing/r, 422",
        "happytalk/chat-only/r, 422",
        "kakao/default/r, 422",
        "acme/default/r, 422",
    })
    void aTranscriptThatFailsSaysHow(String path, int status) {
        Answer answer = bus.get("/transcripts/" + path);
        assertRefused(status, answer, newest());
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    @Test
    void aBrowserIsSentToTheStartLink() {
        Answer answer =
                bus.get("/start/kakao/default?extra=" + RestClient.encoded("주문 12&x=y+z 🙂") + "&bot=auto&event=e");
        assertThat(answer.status()).as(answer.text()).isEqualTo(302);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.header("Location"))
                .endsWith("/kakao/v1/chat/write?uuid=%40switchboard-sandbox&extra="
                        + RestClient.encoded("주문 12&x=y+z 🙂") + "&bot=auto&event=e");
    }

    @Test
    void aLongExtraIsCutAndTheRequestLineMayBeLong() {
        Answer answer = bus.get("/start/kakao/default?extra=" + "y".repeat(15_000));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("y".repeat(1000)).doesNotContain("y".repeat(1001));
        assertThat(bus.get("/start/kakao/default?extra=" + "y".repeat(17_000)).status())
                .isEqualTo(414);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kakao/default?event=x",
                "kakao/default?bot=perhaps",
                "kakao/default?channel=shop",
                "kakao/default?extra=010-1234-5678",
                "kakao/default?extra=a%00",
                "kakao/missing",
                "happytalk/default",
                "acme/default"
            })
    void aStartThatIsWrongIs422(String path) {
        assertRefused(422, bus.get("/start/" + path), newest());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /messages, 405",
        "DELETE, /messages, 405",
        "PATCH, /messages/m, 405",
        "POST, /lanes, 405",
        "OPTIONS, /messages, 405",
        "GET, /lanes/happytalk/default/pause, 405",
        "POST, /nowhere, 404",
        "PUT, /messages/m/nowhere, 404",
        "POST, //messages, 404",
        "GET, /nowhere, 404"
    })
    void anUnknownPathIs404AndAnUnknownMethodIs405AndNeitherSendsTheRequestBack(
            String method, String path, int status) {
        String page = "<script>x</script>";
        Answer answer = bus.ask(bus.request(path)
                .method(method, BodyPublishers.ofString(page))
                .header("Content-Type", "text/html")
                .header("X-Mine", page));
        assertRefused(status, answer, newest());
        assertThat(answer.text() + answer.headers()).doesNotContain(page, "text/html");
        assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    @ParameterizedTest
    @CsvSource({
        "/messages?limit=1, 200",
        "/messages?limit=0, 422",
        "/messages/missing, 404",
        "/lanes, 200",
        "/console, 200",
        "/messages?format=csv, 200",
        "/nowhere, 404",
        "/messages/m/replay, 405"
    })
    void whatCanBeReadAnswersHeadAsGetWithoutABody(String path, int status) {
        Answer head = bus.ask(bus.request(path).method("HEAD", BodyPublishers.noBody()));
        Answer get = bus.get(path);
        assertThat(head.status()).isEqualTo(status).isEqualTo(get.status());
        assertThat(head.text()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"%s\"", " \"%s\" ", " %s "})
    void anIdempotencyKeyMayStandInQuotes(String form) {
        String key = UUID.randomUUID().toString();
        Answer answer = bus.submit(send("key", "x"), "Idempotency-Key", String.format(form, key));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().path("id").asText()).isEqualTo(key);
        assertThat(bus.submit(send("key", "x"), "Idempotency-Key", key).json().path("acceptedAt"))
                .isEqualTo(answer.json().path("acceptedAt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\"", "\"", "\"a", "\"a\";p=1", "\"a b\"", "\"a\\\"b\"", ".", "..", "\"..\""})
    void anEmptyOrWrongIdempotencyKeyIsRefused(String key) {
        String before = newest();
        Answer answer = bus.submit(send("key", "x"), "Idempotency-Key", key);
        assertRefused(422, answer, before);
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("Idempotency-Key");
    }

    @Test
    void twoIdempotencyKeysAreRefused() {
        String before = newest();
        Answer answer = bus.ask(bus.request("/messages")
                .POST(BodyPublishers.ofString(send("key", "x").toString()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "a")
                .header("Idempotency-Key", "b"));
        assertRefused(400, answer, before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WAIT=10",
                "Wait=10",
                "respond-async,wait=10",
                "wait = \"10\"",
                "foo=\"a, b\"; x=1, wait=10;y",
                "wait=99999999999999999999"
            })
    void aPreferenceToWaitCountsHoweverItIsWritten(String prefer) {
        Answer answer = bus.submit(send("slow-200-prefer", "x"), "Prefer", prefer);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Location"))
                .isEqualTo("/messages/" + answer.json().path("id").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait",
                "wait=",
                "wait=0",
                "wait=-1",
                "wait=1.5",
                "wait=5s",
                "foo;wait=5",
                "foo=\"wait=5\"",
                "await=5",
                ""
            })
    void whatIsNoPreferenceToWaitIsPassedOver(String prefer) {
        Answer answer = bus.submit(send("slow-1500-prefer", "x"), "Prefer", prefer);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }

    @Test
    void whoeverWaitsIsRefusedAsOthersAre() {
        String before = newest();
        assertRefused(422, bus.submit(send("r", "x").put("colour", "red"), "Prefer", "wait=5"), before);
        assertRefused(400, bus.post("/messages", "", "Content-Type", "application/json", "Prefer", "wait=5"), before);
        assertRefused(415, bus.post("/messages", "{}", "Content-Type", "text/plain", "Prefer", "wait=5"), before);
        assertRefused(
                413,
                bus.post("/messages", "x".repeat(300_000), "Content-Type", "application/json", "Prefer", "wait=5"),
                before);
        Answer keyed = bus.submit(send("r", "x"), "Prefer", "wait=5", "Idempotency-Key", "\"w-" + before + "\"");
        assertThat(keyed.json().path("id").asText()).isEqualTo("w-" + before);
    }

    @Test
    void moreWaitersThanThreadsKeepNoOtherCallWaiting() {
        int waiters = 300;
        String due = Instant.now().plusSeconds(3).toString();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            answers.add(CLIENT.sendAsync(
                    bus.request("/messages")
                            .POST(BodyPublishers.ofString(send("waiter-" + i, "x")
                                    .put("notBefore", due)
                                    .toString()))
                            .header("Content-Type", "application/json")
                            .header("Prefer", "wait=20")
                            .build(),
                    BodyHandlers.ofString()));
        }
        await().until(() -> ids("/messages?state=accepted&limit=1000").size() >= waiters);
        long began = System.nanoTime();
        assertThat(bus.get("/lanes").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(500));
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf8",
                "application/json;charset=UTF8",
                "Application/JSON; Charset=\"utf-8\"",
                "application/vnd.acme+json; charset=utf-8; x=y"
            })
    void utf8HasManyNames(String type) {
        assertThat(bus.post("/messages", send("r", "방").toString(), "Content-Type", type)
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", "br", "identity, gzip", "zstd"})
    void aPackedBodyIsNotTaken(String encoding) {
        String before = newest();
        for (String path : List.of("/messages", "/messages/m/discard", "/lanes/happytalk/default/pause")) {
            Answer answer = bus.post(path, "\u001f", "Content-Type", "application/json", "Content-Encoding", encoding);
            assertRefused(415, answer, before);
            assertThat(answer.text()).contains("Content-Encoding");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'vendor':'happytalk','vendor':'kakao'}          | The name vendor stands twice",
                "{'labels':{'order':'1','order':'1'}}             | The name order stands twice",
                "{'a b<script>':1,'a b<script>':1}                | The name stands twice"
            })
    void aNameThatStandsTwiceIsSaid(String body, String says) {
        String before = newest();
        Answer answer = bus.post("/messages", json(body), "Content-Type", "application/json");
        assertRefused(400, answer, before);
        assertThat(answer.json().path("title").asText()).startsWith(says).contains("line 1, column");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void anIdIsNoPlaceInAPath(String id) {
        String before = newest();
        assertThat(faults(bus.submit(send("r", "x").put("id", id)))).allMatch(fault -> fault.startsWith("id not "));
        assertThat(bus.submit(send("r", "x").put("id", id)).status()).isEqualTo(422);
        assertThat(newest()).isEqualTo(before);
        assertThat(bus.submit(send("r", "x").put("id", id + ".-" + before)).status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "1990-12-31T23:59:60Z"})
    void aMessageOfALongPastTimeIsSentAtOnce(String notBefore) {
        Answer answer = bus.submit(send("past", "x").put("notBefore", notBefore), "Prefer", "wait=10");
        assertThat(answer.json().path("state").asText()).as(answer.text()).isEqualTo("delivered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lanes", "/messages/none", "/unknown"})
    void noAnswerIsKeptOrTakenForAPage(String path) {
        Answer answer = bus.get(path);
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait=1"})
    void theAnswerToAMessageIsNotKeptOrTakenForAPage(String prefer) {
        Answer answer = bus.submit(send("kept", "x"), "Prefer", prefer);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aMessageForARouteThatDoesNotRunIsAskedToComeAgain() throws Exception {
        camel.getRouteController().stopRoute("submitMessage");
        try {
            Answer answer = bus.submit(send("stopped", "x"));
            assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.header("Retry-After")).isEqualTo("5");
        } finally {
            camel.getRouteController().startRoute("submitMessage");
        }
        assertThat(bus.submit(send("stopped", "x")).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2999-01-01T00:00:00-00:00",
                "2998-12-31T23:59:60Z",
                "2999-01-01T08:59:60.5+09:00",
                "2999-01-01t00:00:00.1234567890z",
                "2999-01-01T00:00:00+23:59"
            })
    void aTimeIsReadAsRfc3339Says(String time) {
        Answer answer = bus.submit(send("times", "x").put("expiresAt", time), "Prefer", "wait=10");
        assertThat(answer.json().path("state").asText()).as(answer.text()).isEqualTo("delivered");
        assertThat(answer.json().path("expiresAt").asText()).isEqualTo(time);
        assertThat(bus.get("/messages?limit=1&from=" + RestClient.encoded(time)).status())
                .isEqualTo(200);
    }
}
