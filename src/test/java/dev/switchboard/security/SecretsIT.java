package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.store.Store;
import dev.switchboard.tracing.Collector;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;

/** Messages by every way in, to every vendor, well and badly; then a search for what must not be found. */
class SecretsIT {

    private static final String TEXT = "Nur für Anna bestimmt 8317";
    private static final String CUSTOMER = "anna-8317";
    private static final String EXTRA = "ref=extra-8317";
    private static final List<String> TEXTS = List.of(TEXT, CUSTOMER, EXTRA, "extra-8317");
    private static final List<String> ENDS = List.of("room-1", "code", "http-503", "drop", "garbage", "echo");

    private final String chance = Long.toString(System.nanoTime(), 36);
    private final Map<String, String> secrets = secrets();

    private Map<String, String> secrets() {
        byte[] webhook = ("webhook-" + chance + "-with-32-bytes-or-so").getBytes(StandardCharsets.US_ASCII);
        byte[] extra = ("extra-key-" + chance + "0".repeat(32)).substring(0, 32).getBytes(StandardCharsets.US_ASCII);
        return Map.of(
                "switchboard.vendors.happytalk.accounts.default.client-secret", "secret-" + chance,
                "switchboard.vendors.happytalk.accounts.default.token", "token-" + chance,
                "switchboard.vendors.thulium.accounts.default.password", "password-" + chance,
                "switchboard.vendors.kakao.accounts.default.extra-key",
                        Base64.getEncoder().encodeToString(extra),
                "switchboard.broker.password", "broker-" + chance,
                "switchboard.events.webhook.secret",
                        "whsec_" + Base64.getEncoder().encodeToString(webhook));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Map<String, String> settings(Collector collector, FakeVendor vendor, int brokerPort) {
        var settings = new HashMap<>(secrets);
        settings.putAll(Map.of(
                "switchboard.vendors.happytalk.accounts.default.client-id", "shop",
                "switchboard.vendors.happytalk.accounts.default.biz-url", vendor.url() + "/biz",
                "switchboard.vendors.happytalk.accounts.default.customer-url", vendor.url() + "/customer",
                "switchboard.vendors.thulium.accounts.default.url", vendor.url() + "/api",
                "switchboard.vendors.thulium.accounts.default.username", "api-user",
                "switchboard.vendors.kakao.accounts.default.url", vendor.url() + "/kakao",
                "switchboard.vendors.kakao.accounts.default.channel", "@shop"));
        settings.putAll(Map.of(
                "switchboard.broker.url", "embedded",
                "switchboard.broker.port", Integer.toString(brokerPort),
                "switchboard.broker.username", "bus",
                "switchboard.events.webhook.url", vendor.url() + "/hooks",
                "quarkus.otel.sdk.disabled", "false",
                "quarkus.otel.exporter.otlp.endpoint", collector.url(),
                "quarkus.otel.exporter.otlp.protocol", "http/protobuf",
                "quarkus.log.level", "DEBUG"));
        // what an operator looks into when a vendor does not answer as it should
        for (String category : List.of(
                "org.apache.hc",
                "org.apache.hc.client5.http.wire",
                "org.apache.hc.client5.http.headers",
                "org.apache.camel")) {
            settings.put("quarkus.log.category.\"" + category + "\".level", "DEBUG");
        }
        return settings;
    }

    /** A vendor that fails in many ways, and one of them is to send back whatever it was sent. */
    private static Answer answer(Request request) {
        String asked = request.path() + request.body();
        if (asked.contains("http-503")) {
            return Answer.of(503);
        }
        if (asked.contains("drop")) {
            return Answer.failing(Answer.Fault.DROP_AFTER);
        }
        if (asked.contains("garbage")) {
            return Answer.failing(Answer.Fault.GARBAGE);
        }
        if (asked.contains("echo")) {
            String all = RestClient.JSON
                    .createObjectNode()
                    .put("code", String.join(" ", request.headerLines()))
                    .put("message", request.body() + request.headerLines())
                    .toString();
            return Answer.of(400, all);
        }
        return Answer.of(200, asked.contains("code") ? "{\"code\":-700,\"message\":\"EndRoom\"}" : "{\"code\":0}");
    }

    private static ObjectNode message(String conversation) {
        return RestClient.send(conversation, TEXT).put("customerId", CUSTOMER);
    }

    private static ObjectNode start(String extra) {
        return RestClient.JSON
                .createObjectNode()
                .put("vendor", "kakao")
                .put("operation", "start")
                .put("extra", extra);
    }

    private static void submitAll(RestClient sender) {
        for (String end : ENDS) {
            sender.submit(message(end).put("id", "s-" + end));
            sender.submit(RestClient.JSON
                    .createObjectNode()
                    .put("id", "t-" + end)
                    .put("vendor", "thulium")
                    .put("operation", "end")
                    .put("conversationId", end));
        }
        sender.submit(start(EXTRA).put("id", "k-1"));
        sender.submit(message("room-1").put("txt", TEXT));
        sender.get("/transcripts/happytalk/default/room-1");
    }

    private static void drop(RunningBus bus) throws IOException {
        Path inbox = bus.file("inbox").toPath();
        String wrong = "{\"vendor\":\"nobody\",\"operation\":\"send\",\"text\":\"" + TEXT + "\"}\n";
        Files.writeString(inbox.resolve("a.jsonl.part"), message("room-2") + "\n" + wrong + "{\"text\":\"" + TEXT);
        Files.move(inbox.resolve("a.jsonl.part"), inbox.resolve("a.jsonl"));
        Files.createFile(inbox.resolve("a.jsonl.done"));
    }

    private void send(int port) {
        try (var factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                JMSContext jms = factory.createContext("bus", secrets.get("switchboard.broker.password"))) {
            jms.createProducer()
                    .send(
                            jms.createQueue("switchboard.messages"),
                            message("room-3").toString());
            jms.createProducer().send(jms.createQueue("switchboard.messages"), "{\"text\":\"" + TEXT + "\"}");
        }
    }

    @Test
    void nothingSecretIsFoundWhereItDoesNotBelong() throws Exception {
        Path folder = RunningBus.newFolder("secrets");
        int port = freePort();
        try (var collector = new Collector();
                FakeVendor vendor = FakeVendor.start().answerBy(SecretsIT::answer);
                RunningBus bus = RunningBus.start(folder, settings(collector, vendor, port));
                Store store = Store.open("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), "", "")) {
            for (String own : List.of("data", "data/broker")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(own))))
                        .isEqualTo("rwx------");
            }
            var keys = new Keys(store.access());
            var hidden = new ArrayList<>(secrets.values());
            hidden.add(basic());
            String scrape = key(keys, "reader", hidden);
            RestClient sender = bus.rest().withKey(key(keys, "sender", hidden));
            RestClient reader = bus.rest().withKey(scrape);
            RestClient scraper = bus.management().withKey(scrape);
            RestClient admin = bus.rest().withKey(key(keys, "admin", hidden));
            await().until(() -> admin.get("/keys").status() == 200);
            submitAll(sender);
            drop(bus);
            send(port);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> admin.get("/messages?state=accepted")
                                    .json()
                                    .path("messages")
                                    .isEmpty()
                            && admin.get("/batches").text().contains("\"read\":3")
                            && admin.get("/messages?q=room-3")
                                            .json()
                                            .path("messages")
                                            .size()
                                    == 1);
            admin.post("/messages/s-code/discard", "{\"reason\":\"over\"}");

            var answers = answers(admin);
            assertThat(answers).hasSizeGreaterThan(24);
            assertThat(answers.get("/messages/s-room-1")).contains(TEXT);
            assertThat(answers.get("/messages/s-echo")).contains("HT-Client-Secret: ");
            assertThat(answers.get("/messages/t-echo")).contains("Authorization: ");
            answers.forEach((path, answer) -> assertThat(answer).as(path).doesNotContain(hidden));
            answers(reader)
                    .forEach((path, answer) -> assertThat(answer).as(path).doesNotContain(TEXTS));
            String metrics = scraper.get("/q/metrics").text();
            assertThat(metrics)
                    .contains("switchboard_messages_total")
                    .doesNotContain(hidden)
                    .doesNotContain(TEXTS);
            assertThat(bus.management().get("/q/health").text())
                    .doesNotContain(hidden)
                    .doesNotContain(TEXTS);
            await().until(() -> collector.spans().size() > 10);
            assertThat(collector.spans().toString()).doesNotContain(hidden).doesNotContain(TEXTS);
            assertThat(told(vendor))
                    .isNotEmpty()
                    .allSatisfy(
                            event -> assertThat(event).doesNotContain(hidden).doesNotContain(TEXTS));
            assertThat(bus.log()).contains("DEBUG").doesNotContain(hidden).doesNotContain(TEXTS);
        }
        var hidden = new ArrayList<>(secrets.values());
        hidden.add(basic());
        assertThatNoFileHolds(folder, hidden);
    }

    /** The password as it goes to Thulium. */
    private String basic() {
        String login = "api-user:" + secrets.get("switchboard.vendors.thulium.accounts.default.password");
        return Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a key and hides all 43 characters of its secret, which may contain the underscore that its name ends with. */
    private static String key(Keys keys, String role, List<String> hidden) {
        String key = keys.create(new NewKey(role, List.of(role), List.of(), "", null, null))
                .orElseThrow();
        String secret = key.substring(("swb_" + role + "_").length());
        assertThat(secret).hasSize(43);
        hidden.add(secret);
        return key;
    }

    private static List<String> told(FakeVendor vendor) {
        return vendor.requests().stream()
                .filter(request -> request.path().startsWith("/hooks"))
                .map(request -> request.headerLines() + request.body())
                .toList();
    }

    /** What can be read, by path. */
    private static Map<String, String> answers(RestClient client) {
        var answers = new TreeMap<String, String>();
        var paths = new ArrayList<>(List.of(
                "/messages",
                "/messages?format=csv",
                "/dead-letters",
                "/dead-letters?format=jsonl",
                "/dead-letters/groups",
                "/batches",
                "/lanes",
                "/lanes/history",
                "/routes",
                "/replays",
                "/keys",
                "/audit"));
        ENDS.forEach(end -> paths.addAll(List.of("/messages/s-" + end, "/messages/t-" + end)));
        paths.add("/messages/k-1");
        paths.forEach(path -> answers.put(path, client.get(path).text()));
        return answers;
    }

    private static void assertThatNoFileHolds(Path folder, Iterable<String> hidden) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("config/application.properties")) {
                    String held = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    hidden.forEach(each -> assertThat(held).as(file.toString()).doesNotContain(each));
                }
            }
        }
    }
}
