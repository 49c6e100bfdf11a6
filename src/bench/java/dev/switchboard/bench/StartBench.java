package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * How long the packaged bus takes to be ready, with what CPU time, and its memory when it then does nothing: in turns. Where the
 * store holds a backlog, also how long it takes until the vendor has the first message.
 */
final class StartBench implements Bench.Scenario {

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final String ACCOUNT = "switchboard.vendors.happytalk.accounts.default.";

    private static final String LANE = "happytalk/default";

    private final int times;
    private final int backlog;
    private final List<Variant> variants = new ArrayList<>();

    private StartBench(int times, int backlog) {
        this.times = times;
        this.backlog = backlog;
    }

    static StartBench of(Options options) {
        var bench = new StartBench(options.number("times", 5), options.number("backlog", 0));
        for (String jdk : options.list("jdk", System.getProperty("java.home"))) {
            for (boolean archived : new boolean[] {false, true}) {
                bench.variants.add(new Variant(Path.of(jdk), archived));
            }
        }
        return bench;
    }

    /** A way to start, and what starts in that way took: milliseconds to ready and of CPU time, megabytes. */
    private record Variant(
            Path jdk, boolean archived, List<Long> ready, List<Long> cpu, List<Long> memory, List<Long> first) {

        private Variant(Path jdk, boolean archived) {
            this(jdk, archived, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        private List<String> command() {
            var program = new BusProgram(jdk);
            var options = new ArrayList<>(List.of(BusProgram.asShipped("-Xmx256m")));
            options.addAll(archived ? program.archived() : List.of());
            return program.command(options);
        }

        private String row() {
            return "| " + jdk.getFileName() + " | " + (archived ? "yes" : "no") + " | " + seconds(ready) + " | "
                    + seconds(cpu) + " | " + Bench.at(0.5, memory) + " |"
                    + (first.isEmpty() ? "" : " " + seconds(first) + " |");
        }

        private static String seconds(List<Long> millis) {
            return String.format(
                    Locale.ROOT,
                    "%.2f (%.2f-%.2f)",
                    Bench.at(0.5, millis) / 1e3,
                    Bench.at(0, millis) / 1e3,
                    Bench.at(1, millis) / 1e3);
        }
    }

    /** Each way has one start that does not count, with the machine's caches cold. */
    @Override
    public void print() throws Exception {
        for (Variant variant : variants) {
            measure(variant);
        }
        variants.forEach(StartBench::forget);
        for (int i = 0; i < times; i++) {
            for (Variant variant : variants) {
                measure(variant);
            }
        }
        boolean filled = backlog > 0;
        System.out.println(
                "| JDK | archive | ready after, s: median (range) | CPU time until then, s | RSS after 10 s, MB |"
                        + (filled ? " the vendor has the first message after, s |" : "")
                        + "\n|---|---|---|---|---|" + (filled ? "---|" : ""));
        variants.forEach(variant -> System.out.println(variant.row()));
    }

    private static void forget(Variant variant) {
        variant.ready.clear();
        variant.cpu.clear();
        variant.memory.clear();
        variant.first.clear();
    }

    private void measure(Variant variant) throws Exception {
        var first = new CompletableFuture<Long>();
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(request -> answer(first));
                RunningBus bus = start(variant, vendor.url(), first)) {
            long until = System.nanoTime() + IDLE.toNanos();
            await().atMost(IDLE.multipliedBy(2)).until(() -> System.nanoTime() > until);
            variant.memory.add(bus.memory("VmRSS"));
        }
    }

    private static Answer answer(CompletableFuture<Long> first) {
        first.complete(System.nanoTime());
        return Singles.WRITTEN;
    }

    /** Starts a bus with the embedded broker and a new SQLite store, or one that holds a backlog. */
    private RunningBus start(Variant variant, String vendor, Future<Long> first) throws Exception {
        int management = Ports.free();
        Map<String, String> settings = Map.of(
                ACCOUNT + "biz-url",
                vendor,
                "quarkus.management.port",
                String.valueOf(management),
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                String.valueOf(Ports.free()),
                ACCOUNT + "client-id",
                "id",
                ACCOUNT + "client-secret",
                "secret");
        List<String> command = variant.command();
        Path folder = RunningBus.newFolder("bench-start");
        if (backlog > 0) {
            String url = "jdbc:sqlite:" + folder.resolve("data/switchboard.db");
            Store.open(url, "", "").close();
            Backlog.fill(url, LANE, backlog);
        }
        var client = new RestClient(URI.create("http://127.0.0.1:" + management));
        long began = System.nanoTime();
        RunningBus bus = RunningBus.launch(folder, settings, command);
        await("the start in " + folder)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .until(() -> isReady(client));
        variant.ready.add((System.nanoTime() - began) / 1_000_000);
        variant.cpu.add(bus.cpu().toMillis());
        if (backlog > 0) {
            variant.first.add((first.get() - began) / 1_000_000);
        }
        return bus;
    }

    private static boolean isReady(RestClient client) {
        try {
            return client.get("/q/health/ready").status() == 200;
        } catch (UncheckedIOException e) {
            return false; // not listening yet
        }
    }
}
