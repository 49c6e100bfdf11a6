package dev.switchboard;

import static dev.switchboard.RestClient.send;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the packaged program promises, against vendors on real sockets. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1) // it takes long
class GuaranteesIT {

    private static final Answer DONE = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    private static final int CONCURRENCY = 32;

    /** Vendors of the accounts of one bus that all tests share which do not kill theirs. */
    private static final FakeVendor ORDERED = FakeVendor.start();

    private static final FakeVendor HANGING = FakeVendor.start().answerBy(request -> DONE.with(Answer.Fault.HANG));
    private static final FakeVendor WELL = FakeVendor.start().answerBy(request -> DONE);
    private static final FakeVendor ECHOING = FakeVendor.start().answerBy(GuaranteesIT::echo);
    private static final List<FakeVendor> IDLE = IntStream.range(0, 5)
            .mapToObj(i -> FakeVendor.start().answerBy(request -> DONE).closeIdleAfter(Duration.ofSeconds(1)))
            .toList();

    private static RunningBus shared;

    private final FakeVendor vendor = FakeVendor.start().answerBy(request -> DONE);

    @BeforeAll
    static void startShared() throws IOException {
        var settings = happytalk("ordered", ORDERED.url());
        settings.put("switchboard.vendors.happytalk.accounts.ordered.lane.retry", "50ms,50ms");
        settings.putAll(happytalk("hanging", HANGING.url()));
        settings.putAll(happytalk("well", WELL.url()));
        for (int i = 0; i < IDLE.size(); i++) {
            settings.putAll(happytalk("idle-" + i, IDLE.get(i).url()));
        }
        settings.putAll(manyAccounts());
        shared = RunningBus.start(RunningBus.newFolder("guarantees"), settings);
    }

    @AfterAll
    static void killShared() {
        shared.kill();
        Stream.of(ORDERED, HANGING, WELL, ECHOING).forEach(FakeVendor::close);
        IDLE.forEach(FakeVendor::close);
    }

    @AfterEach
    void stop() {
        vendor.close();
    }

    private static Map<String, String> happytalk(String account, String url) {
        String prefix = "switchboard.vendors.happytalk.accounts." + account + ".";
        return new HashMap<>(Map.of(
                prefix + "biz-url",
                url,
                prefix + "client-id",
                "id-of-" + account,
                prefix + "client-secret",
                "secret-of-" + account,
                "switchboard.lane.retry",
                "100ms,200ms,1s,1s,1s"));
    }

    private static ObjectNode message(String id, String operation) {
        ObjectNode message = send("room-" + id, "text-of-" + id).put("id", id).put("operation", operation);
        if (operation.equals("end")) {
            message.remove("text");
        }
        return message;
    }

    static void inParallel(int threads, IntConsumer task) {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            CompletableFuture.allOf(IntStream.range(0, threads)
                            .mapToObj(i -> CompletableFuture.runAsync(() -> task.accept(i), workers))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            workers.shutdown();
        }
    }

    /** Has a thousand messages accepted, half of them {@code end}, which may be repeated. */
    private static void acceptThousand(RestClient bus) {
        inParallel(8, thread -> {
            for (int i = thread; i < 1000; i += 8) {
                var answer = bus.submit(message("m" + i, i % 2 == 0 ? "send" : "end"));
                assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
            }
        });
    }

    private static List<JsonNode> list(RestClient bus, String query) {
        List<JsonNode> found = new ArrayList<>();
        bus.get("/messages?limit=1000&state=" + query).json().path("messages").forEach(found::add);
        return found;
    }

    private static void awaitIdle(RestClient bus, Duration limit) {
        awaitIdle(bus, limit, "");
    }

    /** Waits for the lanes of all accounts whose names match. */
    private static void awaitIdle(RestClient bus, Duration limit, String accounts) {
        await("the end of all messages")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .until(() ->
                        lanes(bus, accounts).allMatch(lane -> lane.path("depth").asInt() == 0));
    }

    private static Stream<JsonNode> lanes(RestClient bus, String accounts) {
        JsonNode lanes = bus.get("/lanes").json().path("lanes");
        assertThat(lanes).isNotEmpty();
        return StreamSupport.stream(lanes.spliterator(), false)
                .filter(lane ->
                        accounts.isEmpty() || lane.path("account").asText().matches(accounts));
    }

    private static JsonNode json(Request request) {
        try {
            return RestClient.JSON.readTree(request.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(request.body(), e);
        }
    }

    private Map<String, Long> requestsByRoom() {
        return vendor.requests().stream()
                .collect(groupingBy(request -> json(request).path("room_id").asText(), counting()));
    }

    /** With {@code resend}, as which of the attempts in flight reached the vendor is not known after a kill: here none did. */
    @Test
    void whatWasAcceptedBeforeAKillIsDeliveredAfterIt() throws Exception {
        Path folder = RunningBus.newFolder("killed-early");
        var settings = happytalk("default", FakeVendor.refusingUrl());
        settings.put("switchboard.lane.uncertain", "resend");
        RunningBus first = RunningBus.start(folder, settings);
        acceptThousand(first.rest());
        first.kill();
        settings.putAll(happytalk("default", vendor.url()));
        try (RunningBus second = RunningBus.start(folder, settings)) {
            awaitIdle(second.rest(), Duration.ofSeconds(40));
            assertThat(list(second.rest(), "delivered")).hasSize(1000);
        }
        assertThat(requestsByRoom())
                .hasSize(1000)
                .allSatisfy((room, requests) -> assertThat(requests).isEqualTo(1));
    }

    /**
     * A kill in the middle of attempts: each {@code end} is repeated and delivered; a {@code send} that was being made is
     * uncertain, at most one a slot, and never made again.
     */
    @Test
    void aKillLosesNothingAndSendsNothingTwice() throws Exception {
        Path folder = RunningBus.newFolder("killed");
        RunningBus first = RunningBus.start(folder, happytalk("default", vendor.url()));
        vendor.answerBy(request -> vendor.requests().size() < 200 ? DONE : DONE.with(Answer.Fault.HANG));
        acceptThousand(first.rest());
        await().atMost(Duration.ofSeconds(20)).until(() -> vendor.requests().size() >= 200 + CONCURRENCY / 2);
        first.kill();
        vendor.answerBy(request -> DONE);
        try (RunningBus second = RunningBus.start(folder, happytalk("default", vendor.url()))) {
            awaitIdle(second.rest(), Duration.ofSeconds(40));
            List<JsonNode> delivered = list(second.rest(), "delivered");
            List<JsonNode> uncertain = list(second.rest(), "uncertain");
            assertThat(delivered.size() + uncertain.size()).isEqualTo(1000);
            assertThat(uncertain)
                    .hasSizeBetween(1, CONCURRENCY)
                    .allSatisfy(message ->
                            assertThat(message.path("operation").asText()).isEqualTo("send"))
                    .allSatisfy(message -> assertThat(
                                    message.at("/failure/mayHaveBeenSent").booleanValue())
                            .isTrue());
            Map<String, Long> requests = requestsByRoom();
            delivered.forEach(message -> assertThat(requests)
                    .containsKey(message.path("conversationId").asText()));
            vendor.requests().stream()
                    .filter(request -> request.path().endsWith("/write"))
                    .collect(groupingBy(request -> json(request).path("room_id").asText(), counting()))
                    .forEach((room, count) -> assertThat(count).as(room).isEqualTo(1));
        }
    }

    @Test
    void eachConversationIsSentInTheOrderAccepted() throws Exception {
        sendConversations(20);
    }

    @Test
    @Tag("soak")
    void eachLongConversationIsSentInTheOrderAccepted() throws Exception {
        sendConversations(100);
    }

    /** Sends a hundred conversations of so many messages each; every tenth message is sent twice. */
    private void sendConversations(int length) throws Exception {
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        ORDERED.answerBy(request -> {
            boolean fails = Math.floorMod(request.body().hashCode(), 10) == 0;
            return fails && failedOnce.add(request.body()) ? Answer.of(503) : DONE;
        });
        Map<Integer, Integer> next = new ConcurrentHashMap<>();
        RestClient rest = shared.rest();
        inParallel(10, thread -> {
            for (int i = 0; i < 10 * length; i++) {
                int conversation = thread * 10 + i % 10;
                String text = next.merge(conversation, 1, Integer::sum) + "-";
                ObjectNode message = send("room-" + conversation, text).put("account", "ordered");
                assertThat(rest.submit(message).status()).isBetween(200, 202);
            }
        });
        awaitIdle(rest, Duration.ofSeconds(60), "ordered");
        assertThat(list(rest, "dead&account=ordered")).isEmpty();
        assertThat(list(rest, "uncertain&account=ordered")).isEmpty();
        assertThat(failedOnce).hasSizeGreaterThan(5 * length);
        Map<String, List<String>> seen = new HashMap<>();
        for (Request request : ORDERED.requests()) {
            String text = json(request).path("msg").asText();
            List<String> texts =
                    seen.computeIfAbsent(json(request).path("room_id").asText(), any -> new ArrayList<>());
            if (texts.isEmpty() || !text.equals(texts.get(texts.size() - 1))) {
                texts.add(text);
            }
        }
        List<String> accepted =
                IntStream.rangeClosed(1, length).mapToObj(i -> i + "-").toList();
        assertThat(seen)
                .hasSize(100)
                .allSatisfy((room, texts) -> assertThat(texts).isEqualTo(accepted));
        assertThat(ORDERED.requests()).hasSize(100 * length + failedOnce.size());
    }

    /** Fifty sends, 1.5 s apart, ten to each of five vendors at the same time, so that it takes 15 s and not 75. */
    @Test
    void aVendorThatClosesIdleConnectionsMakesNothingUncertain() throws Exception {
        var clock = Executors.newScheduledThreadPool(1);
        RestClient rest = shared.rest();
        try {
            List<CompletableFuture<RestClient.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                ObjectNode message = send("idle", "x" + i).put("account", "idle-" + i % 5);
                var answer = new CompletableFuture<RestClient.Answer>();
                clock.schedule(
                        () -> answer.complete(rest.submit(message)),
                        i / 5 * 1500L + i % 5 * 20L,
                        TimeUnit.MILLISECONDS);
                answers.add(answer);
            }
            answers.forEach(answer -> assertThat(answer.join().status()).isEqualTo(202));
            awaitIdle(rest, Duration.ofSeconds(10), "idle-.");
            assertThat(list(rest, "delivered&conversation=idle")).hasSize(50);
            assertThat(IDLE).allSatisfy(each -> assertThat(each.requests()).hasSize(10));
        } finally {
            clock.shutdownNow();
        }
    }

    @Test
    void anAccountThatHangsDoesNotSlowAnotherOfTheSameHost() throws Exception {
        RestClient rest = shared.rest();
        for (int i = 0; i < CONCURRENCY * 3; i++) {
            rest.submit(send("room-" + i, "x").put("account", "hanging"));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> HANGING.requests().size() >= CONCURRENCY);
        Instant begin = Instant.now();
        for (int i = 0; i < 100; i++) {
            var answer = rest.submit(send("room-" + i, "x").put("account", "well"), "Prefer", "wait=10");
            assertThat(answer.json().path("state").asText()).isEqualTo("delivered");
        }
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(HANGING.requests())
                .as("all slots of the other hang the whole time")
                .hasSize(CONCURRENCY);
    }

    private static final Set<String> SENT_HEADERS = Set.of(
            "host",
            "connection",
            "user-agent",
            "content-type",
            "content-length",
            "transfer-encoding",
            "accept-encoding",
            "accept-language",
            "authorization",
            "ht-client-id",
            "ht-client-secret");

    /** Accounts of all vendors, each with secrets of its own that hold what JSON, URLs and masks trip over. */
    private static Map<String, String> manyAccounts() {
        var settings = new HashMap<String, String>();
        String prefix = "switchboard.vendors.";
        for (String account : List.of("one", "two")) {
            settings.putAll(happytalk(account, ECHOING.url() + "/happytalk-" + account));
            String happytalk = prefix + "happytalk.accounts." + account + ".";
            settings.put(happytalk + "client-secret", secret("client", account));
            settings.put(happytalk + "customer-url", ECHOING.url() + "/happytalk-" + account);
            settings.put(happytalk + "token", secret("token", account));
            String thulium = prefix + "thulium.accounts." + account + ".";
            settings.put(thulium + "url", ECHOING.url() + "/thulium-" + account + "/api");
            settings.put(thulium + "username", "user-" + account);
            settings.put(thulium + "password", secret("password", account));
            String kakao = prefix + "kakao.accounts." + account + ".";
            settings.put(kakao + "url", ECHOING.url() + "/kakao-" + account + "/v1/chat/write");
            settings.put(kakao + "channel", "@shop-" + account);
            Stream.of(happytalk, thulium, kakao).forEach(each -> settings.put(each + "lane.retry", "50ms"));
        }
        return settings;
    }

    private static String secret(String kind, String account) {
        return (kind.equals("client") ? "" : "é") + "s3cr3t\"\\/&<>-" + kind + "-" + account;
    }

    /** What every form of a secret holds, however it was escaped. */
    private static String trace(String kind, String account) {
        return "-" + kind + "-" + account;
    }

    private static Answer echo(Request request) {
        String said = request.path() + " " + request.headerLines() + " " + request.body();
        String body = request.body().contains("fail")
                ? "{\"code\":-700,\"result\":\"fail\",\"message\":"
                        + RestClient.JSON.getNodeFactory().textNode(said) + "}"
                : "{\"code\":0,\"result\":\"success\",\"room_id\":\"r\",\"data\":[]}";
        Answer answer = request.path().contains("fail") ? Answer.of(404, said) : Answer.of(200, body);
        return new Answer(
                answer.status(),
                Map.of("Set-Cookie", "vendor=cookie; Path=/", "Content-Type", "application/json"),
                answer.body(),
                Answer.Fault.NONE);
    }

    @Test
    void nothingOfAnotherAccountOfTheCallerOrOfAnEarlierCallIsSentAndNoSecretIsShown() throws Exception {
        RestClient rest = shared.rest();
        for (int i = 0; i < 3; i++) {
            for (String account : List.of("one", "two")) {
                for (String room : List.of("room", "fail")) {
                    for (ObjectNode message : everyOperation(room + "-" + i, account)) {
                        rest.submit(message, callersHeaders());
                    }
                    rest.get("/transcripts/happytalk/" + account + "/" + room + "?CamelHttpPath=/x&X-Caller=caller");
                }
            }
        }
        awaitIdle(rest, Duration.ofSeconds(30), "one|two");
        assertThat(list(rest, "delivered&account=one")).hasSizeGreaterThanOrEqualTo(3 * 5);
        assertThat(list(rest, "delivered&account=two")).hasSizeGreaterThanOrEqualTo(3 * 5);
        assertThat(list(rest, "dead&account=one")).hasSizeGreaterThanOrEqualTo(3 * 3);
        assertThat(list(rest, "dead&account=two")).hasSizeGreaterThanOrEqualTo(3 * 3);
        assertThat(ECHOING.requests()).hasSizeGreaterThan(60).allSatisfy(GuaranteesIT::assertOnlyItsOwn);
        String own = "/messages?limit=1000&account=";
        for (String list : List.of(own + "one", own + "two", "/dead-letters?limit=1000", "/lanes")) {
            assertNoSecret(rest.get(list).text());
        }
        for (String account : List.of("one", "two")) {
            rest.get(own + account)
                    .json()
                    .path("messages")
                    .forEach(message -> assertNoSecret(
                            rest.get("/messages/" + message.path("id").asText()).text()));
        }
        assertNoSecret(shared.log());
        assertThat(shared.log()).doesNotContain("the words of a customer", "caller-value");
    }

    private static void assertNoSecret(String text) {
        for (String account : List.of("one", "two")) {
            for (String kind : List.of("client", "token", "password")) {
                assertThat(text).doesNotContain(trace(kind, account));
            }
            assertThat(text).doesNotContain(login(account));
        }
    }

    private static String login(String account) {
        return java.util.Base64.getEncoder()
                .encodeToString(("user-" + account + ":" + secret("password", account))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<ObjectNode> everyOperation(String room, String account) {
        ObjectNode send = send(room, "the words of a customer").put("account", account);
        ObjectNode end = send.deepCopy().put("operation", "end");
        end.remove("text");
        ObjectNode transcript = end.deepCopy().put("operation", "transcript");
        transcript.remove("customerId");
        ObjectNode stop = transcript.deepCopy().put("vendor", "thulium").put("operation", "end");
        ObjectNode start =
                stop.deepCopy().put("vendor", "kakao").put("operation", "start").put("extra", room);
        start.remove("conversationId");
        return List.of(send, end, transcript, stop, start);
    }

    private static String[] callersHeaders() {
        return new String[] {
            "Cookie", "caller=caller-value",
            "Authorization", "Bearer caller-value",
            "X-Caller", "caller-value",
            "CamelHttpUri", "http://127.0.0.1:9/caller-value",
            "CamelHttpPath", "/caller-value",
            "CamelHttpQuery", "caller=caller-value",
            "CamelHttpMethod", "DELETE",
            "HT-Client-Secret", "caller-value",
            "Accept-Language", "caller-value",
            "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        };
    }

    private static void assertOnlyItsOwn(Request request) {
        String whole = request.path() + request.headerLines() + request.body();
        assertThat(whole).doesNotContain("caller", "vendor=cookie", "4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(request.headers().keySet())
                .allSatisfy(name -> assertThat(SENT_HEADERS).contains(name.toLowerCase(java.util.Locale.ROOT)));
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path())
                .matches("/(happytalk-(one|two)/(v1/chat/(write|end)|user/api/chat_data/format/json)"
                        + "|thulium-(one|two)/api/chat_conversations/[a-z]+-\\d/stop|kakao-(one|two)/v1/chat/write)");
        String other = request.path().contains("-one/") ? "two" : "one";
        assertThat(whole)
                .doesNotContain("-of-" + other, "client-" + other, "token-" + other, login(other), "@shop-" + other);
        boolean customer = request.path().contains("chat_data");
        assertThat(whole.contains("HT-Client-Secret"))
                .isEqualTo(request.path().contains("v1/chat") && !request.path().contains("kakao"));
        assertThat(whole.contains("-token-")).isEqualTo(customer);
    }
}
