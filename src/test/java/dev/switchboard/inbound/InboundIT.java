package dev.switchboard.inbound;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Shell;
import dev.switchboard.Shell.Run;
import dev.switchboard.StoreKind;
import dev.switchboard.sandbox.Caller;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Settings;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.WebhookSignature;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Vendors call a packaged bus, which hands the events on to a queue and a webhook. */
class InboundIT {

    private static final String SECRET = "a-secret-of-the-address";
    private static final String SIGNING = "whsec_" + "c2VjcmV0".repeat(4);
    private static final HttpClient VENDOR =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final FakeVendor webhook = FakeVendor.start().answerBy(request -> Answer.of(204));
    private static final int broker = Ports.free();
    private static final int port = Ports.free();
    private static Path folder;
    private static RunningBus bus;

    @BeforeAll
    static void start() throws IOException {
        Shell.built();
        folder = RunningBus.newFolder("inbound");
        var settings = settings(webhook, port);
        settings.put("switchboard.broker.url", "embedded");
        settings.put("switchboard.broker.port", "" + broker);
        settings.put("switchboard.vendors.receivers.accounts.default.queue", "switchboard.inbound");
        settings.put("switchboard.vendors.thulium.accounts.default.url", "http://127.0.0.1:1/api");
        settings.put("switchboard.vendors.thulium.accounts.default.username", "api");
        settings.put("switchboard.vendors.thulium.accounts.default.password", "password");
        settings.put("switchboard.vendors.thulium.accounts.default.inbound-secret", SECRET);
        settings.put("switchboard.vendors.thulium.accounts.default.inbound-login", "thulium:long-password");
        settings.put("switchboard.vendors.kakao.accounts.signed.channel", "@signed");
        settings.put("switchboard.vendors.kakao.accounts.signed.inbound-secret", SECRET);
        settings.put("switchboard.vendors.kakao.accounts.signed.inbound-hmac-key", "hmac-key");
        settings.put("switchboard.vendors.kakao.accounts.signed.inbound-networks", "10.0.0.0/8,127.0.0.1");
        settings.put("switchboard.vendors.happytalk.accounts.default.biz-url", "http://127.0.0.1:1");
        settings.put("switchboard.vendors.happytalk.accounts.default.client-id", "id");
        settings.put("switchboard.vendors.happytalk.accounts.default.client-secret", "secret");
        settings.put("switchboard.vendors.happytalk.accounts.default.inbound-secret", SECRET);
        bus = RunningBus.start(folder, settings);
    }

    @AfterAll
    static void stop() {
        bus.close();
        webhook.close();
    }

    private static Map<String, String> settings(FakeVendor webhook, int port) {
        return new HashMap<>(Map.of(
                "switchboard.public.port",
                "" + port,
                "switchboard.vendors.kakao.accounts.default.channel",
                "@shop",
                "switchboard.vendors.kakao.accounts.default.inbound-secret",
                SECRET,
                "switchboard.vendors.receivers.accounts.default.webhook",
                webhook.url() + "/events",
                "switchboard.vendors.receivers.accounts.default.secret",
                SIGNING));
    }

    private static HttpResponse<String> call(String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return VENDOR.send(request.build(), ofString());
    }

    private static String kakao(String session, int number) {
        return "{\"session_id\":\"" + session + "\",\"user_key\":\"uk\",\"serial_number\":" + number
                + ",\"type\":\"text\",\"content\":\"안녕 " + number + "\"}";
    }

    @Test
    void anEventReachesTheQueueAndTheWebhook() throws Exception {
        try (JMSContext client =
                new JmsConnectionFactory("amqp://127.0.0.1:" + broker).createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            HttpResponse<String> answer = call("/inbound/kakao/default/" + SECRET + "/message", kakao("both", 7));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");

            Message received = client.createConsumer(
                            client.createQueue("switchboard.inbound"), "JMSXGroupID = 'kakao/default/both'")
                    .receive(LONGEST.toMillis());
            JsonNode event = RestClient.JSON.readTree(received.getBody(String.class));
            assertThat(event.path("text").asText()).isEqualTo("안녕 7");
            assertThat(event.path("conversationId").asText()).isEqualTo("both");
            assertThat(received.getStringProperty("vendor")).isEqualTo("kakao");
            assertThat(received.getStringProperty("kind")).isEqualTo("message");
        }
        Request posted = await().atMost(LONGEST)
                .until(() -> posted("both"), found -> !found.isEmpty())
                .get(0);
        assertThat(signature(posted))
                .isEqualTo(posted.header("webhook-signature").orElseThrow());
        assertThat(posted.method() + " " + posted.path()).isEqualTo("POST /events");
    }

    private static List<Request> posted(String session) {
        return webhook.requests().stream()
                .filter(request -> request.body().contains("\"conversationId\":\"" + session + "\""))
                .toList();
    }

    private static String signature(Request posted) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(WebhookSignature.key(SIGNING, "secret"), "HmacSHA256"));
        String signed = posted.header("webhook-id").orElseThrow() + "."
                + posted.header("webhook-timestamp").orElseThrow() + "." + posted.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "/inbound/kakao/default/wrong-secret-of-the-address/message, 404",
        "/inbound/kakao/default//message, 404",
        "/inbound/kakao/none/" + SECRET + "/message, 404",
        "/inbound/happytalk/other/" + SECRET + "/message/x, 404",
        "/inbound/receivers/default/" + SECRET + ", 404",
        "/messages, 404",
        "/console, 404",
        "/q/health, 404",
        "/inbound/thulium/default/" + SECRET + ", 401",
        "/inbound/kakao/signed/" + SECRET + "/message, 401"
    })
    void whatIsNotFromTheVendorIsRefused(String path, int status) throws Exception {
        HttpResponse<String> answer = call(path, "{}");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain(SECRET);
    }

    @Test
    void aVendorThatProvesItselfIsTaken() throws Exception {
        String login = Base64.getEncoder().encodeToString("thulium:long-password".getBytes(StandardCharsets.UTF_8));
        assertThat(call(
                                "/inbound/thulium/default/" + SECRET,
                                "action=CHAT_CONVERSATION_CLOSED&conversation_id=c-1&date=x",
                                "Authorization",
                                "Basic " + login,
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(200);
        await().atMost(LONGEST).until(() -> !posted("c-1").isEmpty());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("hmac-key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String body = kakao("signed", 1);
        String hmac = java.util.HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        String path = "/inbound/kakao/signed/" + SECRET + "/message";
        assertThat(call(path, body, "X-Signature", "sha256=" + hmac).statusCode())
                .isEqualTo(200);
        assertThat(call(path, body + " ", "X-Signature", hmac).statusCode()).isEqualTo(401);
    }

    private static Run say(String... arguments) throws Exception {
        return new Shell(folder)
                .run(
                        Map.of("SWITCHBOARD_PUBLIC_PORT", "" + port),
                        "sandbox",
                        Stream.concat(Stream.of("say"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void theSandboxSaysWhatAVendorWouldSay() throws Exception {
        Run twice = say("kakao/default", "twice", "Hello");
        assertThat(twice.output()).as(twice.toString()).isEqualTo("The bus answered 200, 2 times\n");
        assertThat(twice.status()).isZero();
        assertThat(say("kakao/signed", "swapped", "first").status()).isZero();
        Run wrong = say("kakao/default", "wrong-secret");
        assertThat(wrong.output()).isEqualTo("The bus answered 404\n");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(say("receivers/default", "c").errors()).contains("inbound-secret is not set");
        assertThat(say("--kind", "message", "thulium/default", "c").errors())
                .contains("thulium sends nothing of the kind message; it sends [started, assigned, ended]");
        await().atMost(LONGEST).until(() -> kinds("swapped").equals(List.of("message", "started")));
        assertThat(kinds("twice")).containsExactly("message");
    }

    @ParameterizedTest
    @CsvSource({"kakao", "thulium", "happytalk"})
    void eachCallOfASandboxVendorIsAnEventOfItsKind(String name) throws Exception {
        Vendor vendor = Vendor.readAll(RouteFolder.read(Optional.empty())).stream()
                .filter(each -> each.name().equals(name))
                .findAny()
                .orElseThrow();
        var settings =
                new Settings(Map.of("inbound-secret", SECRET, "inbound-login", "thulium:long-password"), Set.of());
        var caller =
                new Caller(new Account(vendor, "default", settings, Set.of()), URI.create("http://127.0.0.1:" + port));
        var said = new ArrayList<String>();
        for (var call : vendor.sandbox().path("calls").properties()) {
            assertThat(caller.say(new Caller.Said(call.getKey(), "say-" + name, "c-1", "안녕 &=+")))
                    .containsExactly(200);
            said.add(call.getKey());
        }
        await().atMost(LONGEST).until(() -> kinds("say-" + name).equals(said));
    }

    private static List<String> kinds(String conversation) throws IOException {
        var kinds = new ArrayList<String>();
        for (Request request : posted(conversation)) {
            kinds.add(RestClient.JSON.readTree(request.body()).path("kind").asText());
        }
        return kinds;
    }

    @Test
    void whatCameIsListedAndShownInTheConsole() throws Exception {
        String path = "/inbound/kakao/default/" + SECRET + "/message";
        call(path, kakao("shown", 1));
        call(
                path,
                "{\"session_id\":\"shown\",\"serial_number\":2,\"type\":\"photo\",\"contents\":"
                        + "[{\"url\":\"http://a.example/1\"},{\"url\":\"javascript:alert(1)\"}]}");
        JsonNode listed = bus.rest()
                .get("/inbound-messages?vendor=kakao&conversation=shown")
                .json()
                .path("events");
        assertThat(listed.findValuesAsText("vendorId")).containsExactly("2", "1");
        assertThat(listed.at("/0/handedOn").findValuesAsText("operation"))
                .containsExactlyInAnyOrder("to-queue", "to-webhook");
        String message = listed.at("/0/handedOn/0/message").asText();
        assertThat(bus.rest().get("/console/messages/" + message).text())
                .contains("href=\"/console/conversations/kakao/default/shown\"");
        JsonNode timeline = bus.rest().get("/conversations/kakao/default/shown").json();
        assertThat(timeline.path("timeline").findValuesAsText("direction")).containsExactly("in", "in");
        assertThat(bus.rest().get("/conversations/kakao/default/unknown").status())
                .isEqualTo(404);
        assertThat(bus.rest().get("/console/conversations/kakao/default/shown").text())
                .contains("안녕 1", "<a href=\"http://a.example/1\"", "javascript:alert(1)")
                .doesNotContain("href=\"javascript:");
    }

    @Test
    void thePageAboutItDoesWhatItSays() throws Exception {
        String page = Files.readString(Path.of("docs/inbound.md"));
        List<String> commands = blocks(page, "sh");
        assertThat(commands).hasSize(2);
        assertThat(shell(commands.get(0))).contains("HTTP/1.1 200");
        JsonNode shown = RestClient.JSON.readTree(blocks(page, "json").get(0));
        Request posted = await().atMost(LONGEST)
                .until(() -> posted("1"), found -> !found.isEmpty())
                .get(0);
        ObjectNode event = (ObjectNode) RestClient.JSON.readTree(posted.body());
        event.set("id", shown.path("id"));
        assertThat(event).isEqualTo(shown);
        assertThat(shell(commands.get(1)))
                .contains("\"events\":[{", "\"text\":\"Hello\"", "\"timeline\":[{\"direction\":\"in\"");
    }

    private static List<String> blocks(String page, String language) {
        return Pattern.compile("(?ms)^ *```" + language + "\n(.*?)^ *```")
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String shell(String commands) throws Exception {
        String here = commands.replace("http://127.0.0.1:8081", "http://127.0.0.1:" + port)
                .replace("http://127.0.0.1:8080", "" + bus.rest().base());
        var builder = new ProcessBuilder("sh", "-ec", here).redirectErrorStream(true);
        builder.environment().put("KAKAO_INBOUND_SECRET", SECRET);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertThat(call("/inbound/kakao/default/" + SECRET + "/message", "x".repeat((1 << 20) + 1))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void noSenderCanMakeUpWhatAVendorSent() throws Exception {
        var answer = bus.rest()
                .post(
                        "/messages",
                        "{\"vendor\":\"receivers\",\"operation\":\"to-webhook\",\"kind\":\"message\",\"text\":\"forged\"}",
                        "Content-Type",
                        "application/json");
        assertThat(answer.status()).isEqualTo(422);
    }

    @Test
    void whatAReceiverDoesNotTakeIsADeadLetter() throws Exception {
        String gone = kakao("gone", 1);
        webhook.answerBy(request -> Answer.of(request.body().contains("\"gone\"") ? 410 : 204));
        call("/inbound/kakao/default/" + SECRET + "/message", gone);
        JsonNode dead = await().atMost(LONGEST)
                .until(
                        () -> bus.rest()
                                .get("/messages?state=dead&conversation=" + RestClient.encoded("kakao/default/gone"))
                                .json()
                                .path("messages"),
                        found -> !found.isEmpty())
                .get(0);
        assertThat(dead.at("/failure/class").asText()).isEqualTo("gone");
        webhook.answerBy(request -> Answer.of(204));
        bus.rest().post("/messages/" + dead.path("id").asText() + "/replay", "");
        await().atMost(LONGEST).until(() -> posted("gone").size() == 2);
    }

    @Test
    void whatAVendorSendsIsHandedOnThroughKills() throws Exception {
        handedOnThroughKills(StoreKind.SQLITE, 200, 2);
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    @Tag("soak")
    void whatAVendorSendsIsHandedOnThroughManyKills(StoreKind store) throws Exception {
        handedOnThroughKills(store, 2_000, 50);
    }

    /** The vendor repeats each call until it gets a 200, and then makes the next of its session. */
    private static void handedOnThroughKills(StoreKind store, int events, int kills) throws Exception {
        int sessions = 8;
        Path folder = RunningBus.newFolder("inbound-kills");
        try (FakeVendor receiver = FakeVendor.start().answerBy(request -> Answer.of(204))) {
            int own = Ports.free();
            var settings = settings(receiver, own);
            settings.putAll(store.newStore());
            settings.put("switchboard.broker.url", "none");
            settings.put("switchboard.vendors.receivers.accounts.archive.folder", "events");
            settings.put("switchboard.vendors.receivers.accounts.archive.file-max-size", "8KiB");
            settings.put("switchboard.vendors.receivers.accounts.archive.kinds", "message");
            RunningBus killed = RunningBus.start(folder, settings);
            try {
                List<CompletableFuture<Void>> callers = IntStream.range(0, sessions)
                        .mapToObj(session ->
                                CompletableFuture.runAsync(() -> callInTurn(own, "s" + session, events / sessions)))
                        .toList();
                for (int kill = 1; kill <= kills; kill++) {
                    int seen = kill * events / (kills + 2);
                    await("event " + seen)
                            .atMost(LONGEST)
                            .until(() -> receiver.requests().size() >= seen);
                    killed.kill();
                    killed = RunningBus.start(folder, settings);
                }
                callers.forEach(CompletableFuture::join);
                RunningBus last = killed;
                await("the files")
                        .atMost(LONGEST)
                        .until(() -> last.rest().get("/lanes").json().path("lanes").findValues("depth").stream()
                                .allMatch(depth -> depth.asInt() == 0));
                await("all events")
                        .atMost(LONGEST)
                        .until(() -> firsts(receiver.requests().stream().map(Request::body))
                                        .size()
                                >= events);
            } finally {
                killed.close();
            }
            compare(firsts(receiver.requests().stream().map(Request::body)), sessions, events / sessions);
            compare(firsts(lines(folder.resolve("events"))), sessions, events / sessions);
        }
    }

    private static void callInTurn(int own, String session, int events) {
        for (int number = 0; number < events; number++) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + own + "/inbound/kakao/default/" + SECRET + "/message"))
                    .timeout(Duration.ofSeconds(20))
                    .POST(BodyPublishers.ofString(kakao(session, number)))
                    .build();
            await().ignoreExceptions()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(LONGEST)
                    .until(() -> VENDOR.send(request, ofString()).statusCode() == 200);
        }
    }

    /** Returns the ids of events with what they say, in the order in which each came first. */
    private static Map<String, String> firsts(Stream<String> events) {
        var all = new LinkedHashMap<String, String>();
        for (String each : events.toList()) {
            try {
                JsonNode event = RestClient.JSON.readTree(each);
                all.putIfAbsent(
                        event.path("id").asText(),
                        event.path("conversationId").asText() + " "
                                + event.path("vendorId").asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Returns the lines of all files that are finished. */
    private static Stream<String> lines(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            var lines = new ArrayList<String>();
            for (Path file : files.sorted().toList()) {
                assertThat(file.getFileName().toString()).matches("archive-.*\\.jsonl");
                lines.addAll(Files.readAllLines(file));
            }
            return lines.stream();
        }
    }

    private static void compare(Map<String, String> firsts, int sessions, int each) {
        for (int session = 0; session < sessions; session++) {
            String name = "s" + session + " ";
            assertThat(firsts.values().stream().filter(event -> event.startsWith(name)))
                    .containsExactlyElementsOf(IntStream.range(0, each)
                            .mapToObj(number -> name + number)
                            .toList());
        }
    }
}
