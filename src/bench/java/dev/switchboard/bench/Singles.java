package dev.switchboard.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.RestClient;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A vendor that answers at once, and single messages to it now and then: how long each waits for its attempt. */
final class Singles implements AutoCloseable {

    /** The vendor has taken the message. */
    static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");

    private static final String ROOM = "single-";

    private final FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer);
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final Map<String, Long> attempted = new ConcurrentHashMap<>();

    Map<String, String> settings() {
        String account = "switchboard.vendors.happytalk.accounts.default.";
        return Map.of(
                account + "biz-url", vendor.url(), account + "client-id", "id", account + "client-secret", "secret");
    }

    private Answer answer(Request request) {
        if (request.body().contains(ROOM)) {
            attempted.putIfAbsent(room(request), System.nanoTime());
        }
        return WRITTEN;
    }

    private static String room(Request request) {
        try {
            return RestClient.JSON.readTree(request.body()).path("room_id").asText();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one every quarter of a second. */
    void begin(RestClient rest) {
        sender.scheduleAtFixedRate(
                () -> {
                    String room = ROOM + System.nanoTime();
                    if (rest.submit(RestClient.send(room, "hello")).status() == 202) {
                        accepted.put(room, System.nanoTime());
                    }
                },
                250,
                250,
                TimeUnit.MILLISECONDS);
    }

    /** Ends the sending; returns the waits in milliseconds, of those that were attempted. */
    List<Long> waits() throws InterruptedException {
        sender.shutdown();
        boolean ended = sender.awaitTermination(30, TimeUnit.SECONDS);
        if (!ended) {
            throw new IllegalStateException("the bus does not answer");
        }
        return accepted.entrySet().stream()
                .map(each -> TimeUnit.NANOSECONDS.toMillis(
                        Math.max(0, attempted.getOrDefault(each.getKey(), System.nanoTime()) - each.getValue())))
                .toList();
    }

    @Override
    public void close() {
        sender.shutdownNow();
        vendor.close();
    }
}
