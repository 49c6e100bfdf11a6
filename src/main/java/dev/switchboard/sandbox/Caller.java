package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.Headers;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls the bus as one account's vendor does, with all that the account's settings ask for. */
public final class Caller {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int AT_ONCE = 16;
    private static final AtomicLong NUMBERS = new AtomicLong(System.currentTimeMillis() * 1_000_000);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Account account;
    private final Map<String, Callback> calls;
    private final URI bus;

    /**
     * Calls for an account.
     *
     * @param bus the address of the public port, such as {@code http://127.0.0.1:8081}
     */
    public Caller(Account account, URI bus) {
        this.account = account;
        this.calls = StandIn.read(account.vendor(), "http://127.0.0.1").calls();
        this.bus = bus;
    }

    /** What is said; a magic conversation says it in an odd way (docs/sandbox.md). */
    public record Said(String kind, String conversation, String customer, String text) {}

    /**
     * Makes the calls, and returns the status that each was answered with.
     *
     * @throws IllegalArgumentException when the vendor makes no calls of the kind
     * @throws IOException when the bus does not answer
     */
    public List<Integer> say(Said said) throws IOException, InterruptedException {
        Magic magic = Magic.of(said.conversation);
        Callback.Filled call = fill(said);
        return switch (magic.kind()) {
            case "twice" -> inTurn(call, call);
            case "swapped" -> inTurn(fill(said), calls.containsKey("started") ? fill(started(said)) : call);
            case "late" -> {
                Thread.sleep(magic.number());
                yield inTurn(call);
            }
            case "burst" ->
                atOnce(LongStream.rangeClosed(1, magic.number())
                        .mapToObj(number -> fill(new Said(
                                said.kind, said.conversation, said.customer, (said.text + " " + number).strip())))
                        .toList());
            case "wrong-secret" -> List.of(post(call, "not-the-secret-of-the-account"));
            default -> inTurn(call);
        };
    }

    private static Said started(Said said) {
        return new Said("started", said.conversation, said.customer, "");
    }

    private Callback.Filled fill(Said said) {
        Callback call = calls.get(said.kind);
        if (call == null) {
            throw new IllegalArgumentException(account.vendor().name() + " sends nothing of the kind " + said.kind
                    + "; it sends " + calls.keySet());
        }
        return call.fill(values(said));
    }

    /** Returns the values that a template of a call may name. */
    static Values values(Said said) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Values(
                        new Request("", "", null, new Headers(), new byte[0]),
                        Map.of("conversation", said.conversation, "customer", said.customer, "text", said.text))
                .and("number", LongNode.valueOf(NUMBERS.incrementAndGet()))
                .and("time", LongNode.valueOf(now.toEpochMilli()))
                .and("instant", TextNode.valueOf(now.toString()))
                .and("date", TextNode.valueOf(date(now)));
    }

    private static String date(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString().replace('T', ' ');
    }

    private List<Integer> inTurn(Callback.Filled... calls) throws IOException, InterruptedException {
        var statuses = new ArrayList<Integer>();
        for (Callback.Filled call : calls) {
            statuses.add(post(call, account.settings().get("inbound-secret")));
        }
        return statuses;
    }

    private List<Integer> atOnce(List<Callback.Filled> calls) throws IOException, InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var statuses = new ArrayList<Integer>();
            for (Future<List<Integer>> done : callers.invokeAll(calls.stream()
                    .map(call -> (Callable<List<Integer>>) () -> inTurn(call))
                    .toList())) {
                statuses.addAll(done.get());
            }
            return statuses;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            callers.shutdown();
        }
    }

    private int post(Callback.Filled call, String secret) throws IOException, InterruptedException {
        String path = "/inbound/" + account.lane() + "/" + secret + encoded(call.path());
        var request = HttpRequest.newBuilder(bus.resolve(path))
                .timeout(LONGEST)
                .header("Content-Type", call.type())
                .POST(BodyPublishers.ofString(call.body()));
        prove(request, call.body());
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("+", "%20");
    }

    private void prove(HttpRequest.Builder request, String body) {
        Settings settings = account.settings();
        String login = settings.get("inbound-login");
        if (!login.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        String[] header = settings.get("inbound-header").split(": *", 2);
        if (header.length == 2) {
            request.header(header[0], header[1].strip());
        }
        String key = settings.get("inbound-hmac-key");
        if (!key.isEmpty()) {
            request.header(settings.get("inbound-hmac-header"), hmac(key, body));
        }
    }

    private static String hmac(String key, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }
}
