package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How long operators wait for lists, groups, searches and replays of a store that holds many messages. */
final class ListsBench implements Bench.Scenario {

    private static final int TIMES = 11;

    private final int messages;

    ListsBench(int messages) {
        this.messages = messages;
    }

    @Override
    public void print() throws Exception {
        Path folder = RunningBus.newFolder("bench-lists");
        start(folder).close();
        FilledStore.fill(folder.resolve("data/switchboard.db"), messages);
        try (RunningBus bus = start(folder)) {
            RestClient rest = bus.rest();
            System.out.println("| what | call | median, ms | slowest, ms |\n|---|---|---|---|");
            calls(rest).forEach((what, path) -> System.out.println(row(rest, what, path)));
            replay(rest);
        }
    }

    private static RunningBus start(Path folder) throws Exception {
        var settings = new HashMap<String, String>();
        for (int i = 0; i < FilledStore.ACCOUNTS; i++) {
            String account = "switchboard.vendors.happytalk.accounts.a" + i + ".";
            settings.put(account + "biz-url", "http://127.0.0.1:9");
            settings.put(account + "client-id", "id");
            settings.put(account + "client-secret", "secret");
        }
        return RunningBus.start(folder, settings, BusProgram.asShipped());
    }

    private static Map<String, String> calls(RestClient rest) {
        String half = rest.get("/dead-letters?limit=1000").json().path("next").asText();
        var calls = new LinkedHashMap<String, String>();
        calls.put("newest messages", "/messages");
        calls.put("of a state", "/messages?state=delivered");
        calls.put("of an account and state", "/messages?account=a1&state=dead");
        calls.put("of a time", "/messages?state=dead&from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z");
        calls.put("of a conversation", "/messages?conversation=room-77");
        calls.put("of a batch", "/messages?batch=batch-3");
        calls.put("dead of a batch", "/messages?batch=batch-3&state=dead");
        calls.put("dead letters", "/dead-letters");
        calls.put("dead letters, a page later", "/dead-letters?after=" + half);
        calls.put("dead letters of a class", "/dead-letters?class=gone");
        calls.put("dead letters of a code", "/dead-letters?account=a1&code=-703");
        calls.put("groups", "/dead-letters/groups");
        calls.put("groups of an account", "/dead-letters/groups?account=a1");
        calls.put("search, one", "/messages?q=order-500007");
        calls.put("search, many", "/messages?q=order-");
        calls.put("search, none", "/messages?q=nowhere");
        calls.put("search among dead letters", "/dead-letters?q=room-1");
        calls.put("label", "/messages?label=campaign:spring-3");
        calls.put("label among dead letters", "/dead-letters?label=campaign:spring-3");
        calls.put("a message", "/messages/order-500007");
        calls.put("batches", "/batches");
        calls.put("a batch", "/batches/batch-3");
        calls.put("lanes", "/lanes");
        calls.put("replays", "/replays");
        return calls;
    }

    private static String row(RestClient rest, String what, String path) {
        var times = new ArrayList<Long>();
        for (int i = 0; i < TIMES; i++) {
            times.add(micros(() -> require(rest.get(path), 200)));
        }
        return row(what, "GET " + path, Bench.at(0.5, times), Bench.at(1, times));
    }

    private static String row(String what, String call, long median, long slowest) {
        return String.format(Locale.ROOT, "| %s | `%s` | %.1f | %.1f |", what, call, median / 1000.0, slowest / 1000.0);
    }

    private static RestClient.Answer require(RestClient.Answer answer, int status) {
        if (answer.status() != status) {
            throw new IllegalStateException(answer.text());
        }
        return answer;
    }

    private static long micros(Runnable task) {
        long began = System.nanoTime();
        task.run();
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
    }

    /** Replays all dead letters, while single messages come in. */
    private static void replay(RestClient rest) {
        String all = "{\"filter\":{\"vendor\":\"happytalk\"}";
        long dry = micros(() -> require(rest.post("/dead-letters/replay", all + ",\"dryRun\":true}"), 200));
        System.out.println(row("dry run of all", "POST /dead-letters/replay", dry, dry));
        var answer = new ArrayList<RestClient.Answer>();
        var begun = CompletableFuture.supplyAsync(
                () -> micros(() -> answer.add(rest.post("/dead-letters/replay", all + "}"))));
        List<Long> meanwhile = singles(rest, begun::isDone);
        String run = "/replays/" + require(answer.get(0), 202).json().path("id").asText();
        System.out.println(row("beginning a replay of all", "POST /dead-letters/replay", begun.join(), begun.join()));
        System.out.println(row(
                "a message that comes in meanwhile",
                "POST /messages",
                Bench.at(0.5, meanwhile),
                Bench.at(1, meanwhile)));
        long began = System.nanoTime();
        List<Long> later = singles(
                rest,
                () -> rest.get(run).json().path("replayed").asInt()
                                + rest.get(run).json().path("skipped").asInt()
                        == rest.get(run).json().path("total").asInt());
        System.out.println(row(
                "a message that comes in while it runs", "POST /messages", Bench.at(0.5, later), Bench.at(1, later)));
        System.out.printf(
                Locale.ROOT,
                "%n%s, put into their lanes in %.1f s%n",
                rest.get(run).json().path("replayed"),
                (System.nanoTime() - began) / 1e9);
    }

    private static List<Long> singles(RestClient rest, java.util.function.BooleanSupplier done) {
        var times = new ArrayList<Long>();
        await().atMost(Duration.ofMinutes(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    times.add(micros(() -> require(
                            rest.submit(RestClient.send("single", "hello").put("account", "a0")), 202)));
                    return done.getAsBoolean();
                });
        return times;
    }
}
