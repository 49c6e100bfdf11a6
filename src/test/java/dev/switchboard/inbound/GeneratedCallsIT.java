package dev.switchboard.inbound;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.Ports;
import dev.switchboard.PostgresServer;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls of any kind behind the right secret, kept in PostgreSQL, the stricter store: a good one behind them is handed on at once. */
class GeneratedCallsIT {

    private static final String SECRET = "a-secret-of-the-address";
    private static final long SEED = Long.getLong("switchboard.test.seed", 20261129);
    private static final List<String> PATHS =
            List.of("", "/", "/message", "/reference", "/sessionEnd", "/message/x", "/%00", "/x/../y");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/x-www-form-urlencoded",
            "text/plain; charset=EUC-KR",
            "multipart/form-data",
            "x");
    private static final List<String> NAMES = List.of(
            "session_id",
            "user_key",
            "serial_number",
            "type",
            "content",
            "contents",
            "time",
            "reference",
            "attachment",
            "action",
            "extra");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0.0",
            "1e400",
            "1689000000000000123",
            "123456789012345678901234567890",
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\r\\nX: y\"",
            "[]",
            "[[1]]",
            "{}",
            "{\"url\":5}",
            "{\"url\":\"u\",\"comment\":{}}",
            "[\"a\",{\"url\":\"u\"},null]",
            "\"" + "가".repeat(3_000) + "\"",
            "NaN",
            "'",
            "\"open");

    private final HttpClient vendor =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(SEED);
    private int port;

    @Test
    @Tag("soak")
    void whateverAVendorSendsIsKept() throws Exception {
        Path folder = RunningBus.newFolder("generated-calls");
        try (var stores = PostgresServer.start(folder);
                FakeVendor receiver = FakeVendor.start().answerBy(request -> Answer.of(204))) {
            port = Ports.free();
            var settings = new HashMap<>(stores.next(folder).settings());
            settings.put("switchboard.public.port", "" + port);
            settings.put("switchboard.vendors.kakao.accounts.default.channel", "@shop");
            settings.put("switchboard.vendors.kakao.accounts.default.inbound-secret", SECRET);
            settings.put("switchboard.vendors.receivers.accounts.default.webhook", receiver.url());
            settings.put("switchboard.vendors.receivers.accounts.default.secret", "whsec_" + "c2VjcmV0".repeat(4));
            try (RunningBus bus = RunningBus.start(folder, settings)) {
                Map<Integer, Integer> statuses = new TreeMap<>();
                for (int part = 0; part < 20; part++) {
                    send(500, statuses);
                    String good = "good-" + part;
                    assertThat(call(
                                            "/message",
                                            "application/json",
                                            "{\"session_id\":\"" + good + "\",\"content\":\"x\"}")
                                    .join())
                            .isEqualTo(200);
                    await(good)
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> receiver.requests().stream()
                                    .anyMatch(request -> request.body().contains(good)));
                }
                System.out.println("generated calls, seed " + SEED + ": " + statuses);
                assertThat(statuses.keySet()).as(statuses.toString()).isSubsetOf(200, 404);
                assertThat(bus.rest()
                                .get("/messages?vendor=receivers&texts=true&q=good")
                                .status())
                        .isEqualTo(200);
                assertThat(bus.log()).doesNotContain("\tat ");
            }
        }
    }

    private void send(int calls, Map<Integer, Integer> statuses) {
        List<CompletableFuture<Integer>> sent = IntStream.range(0, calls)
                .mapToObj(i -> call(any(PATHS), any(TYPES), body()))
                .toList();
        sent.forEach(each -> statuses.merge(each.join(), 1, Integer::sum));
    }

    private CompletableFuture<Integer> call(String path, String type, String body) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/inbound/kakao/default/" + SECRET + path))
                .header("Content-Type", type)
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
        return vendor.sendAsync(request.build(), ofString()).thenApply(HttpResponse::statusCode);
    }

    private String body() {
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(random.nextInt(5_000));
            case 1 -> any(VALUES);
            case 2 -> random.ints(200, 0, 0x500).mapToObj(Character::toString).collect(Collectors.joining());
            case 3 -> "a=1&b=%zz&" + "c=%00&".repeat(random.nextInt(2_000));
            default ->
                IntStream.range(0, 1 + random.nextInt(8))
                        .mapToObj(i -> "\"" + any(NAMES) + "\":" + any(VALUES))
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }

    private String any(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
