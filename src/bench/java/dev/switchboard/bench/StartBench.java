package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;

/**
 * How long the packaged bus takes to be ready, with what CPU time, and its memory when it then does nothing: in turns, also with
 * peers. If the store holds a backlog, also how long it takes until the vendor has the first message.
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
        List<String> peers = options.list("peers", "none");
        for (String jdk : options.list("jdk", System.getProperty("java.home"))) {
            bench.variants.add(new Variant(Path.of(jdk), true, null));
            bench.variants.add(new Variant(Path.of(jdk), false, null));
            peers.stream()
                    .filter(name -> !name.equals("none"))
                    .forEach(name -> bench.variants.add(new Variant(Path.of(jdk), false, Peer.named(name))));
        }
        return bench;
    }

    /** A way to start, and what starts in that way took: milliseconds to ready and of CPU time, megabytes. */
    private record Variant(
            Path jdk,
            boolean archived,
            @Nullable Peer peer,
            List<Long> ready,
            List<Long> cpu,
            List<Long> memory,
            List<Long> first) {

        private Variant(Path jdk, boolean archived, @Nullable Peer peer) {
            this(jdk, archived, peer, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        private List<String> command() {
            var program = new BusProgram(jdk);
            var options = new ArrayList<>(List.of(BusProgram.asShipped("-Xmx256m")));
            options.addAll(archived ? program.archived() : List.of());
            return program.command(options);
        }

        private String row(Variant first) {
            return "| " + (peer == null ? Party.SWITCHBOARD : peer.name()) + " | " + jdk.getFileName() + " | "
                    + (archived ? "yes" : "no") + " | " + seconds(ready) + " | " + seconds(cpu) + " | "
                    + Bench.at(0.5, memory) + " | "
                    + Ratios.of(first.ready, ready, Long::doubleValue)
                    + " |" + (this.first.isEmpty() ? "" : " " + seconds(this.first) + " |");
        }

        private static String seconds(List<Long> millis) {
            return String.format(
                    Locale.ROOT,
                    "%.2f (%.2f-%.2f)",
                    Bench.at(0.5, millis) / 1e3,
                    Bench.at(0, millis) / 1e3,
                    Bench.at(1, millis) / 1e3);
        }

        private void forget() {
            ready.clear();
            cpu.clear();
            memory.clear();
            first.clear();
        }
    }

    /** Each way has one start that is left out, with the machine's caches cold. */
    @Override
    public void print() throws Exception {
        for (Variant variant : variants) {
            measure(variant);
            variant.forget();
        }
        for (int i = 0; i < times; i++) {
            for (Variant variant : variants) {
                measure(variant);
            }
        }
        boolean filled = backlog > 0;
        System.out.println("| party | JDK | archive | ready after, s: median (range) | CPU time until then, s"
                + " | RSS after 10 s, MB | the first row's time to its |"
                + (filled ? " the vendor has the first message after, s |" : "")
                + "\n|---|---|---|---|---|---|---|" + (filled ? "---|" : ""));
        variants.forEach(variant -> System.out.println(variant.row(variants.get(0))));
    }

    private void measure(Variant variant) throws Exception {
        var first = new CompletableFuture<Long>();
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(request -> answer(first))) {
            Process process = start(variant, vendor.url(), first);
            long until = System.nanoTime() + IDLE.toNanos();
            await().atMost(IDLE.multipliedBy(2)).until(() -> System.nanoTime() > until);
            variant.memory.add(RunningBus.memory(process, "VmRSS"));
            Party.end(process);
        }
    }

    private static Answer answer(CompletableFuture<Long> first) {
        first.complete(System.nanoTime());
        return Singles.WRITTEN;
    }

    private Process start(Variant variant, String vendor, Future<Long> first) throws Exception {
        int port = Ports.free();
        Path folder = RunningBus.newFolder("bench-start");
        if (variant.peer != null) {
            variant.peer.build(folder);
        } else if (backlog > 0) {
            fill(folder);
        }
        var client = new RestClient(URI.create("http://127.0.0.1:" + port));
        List<String> bus = variant.peer == null ? variant.command() : List.of();
        long began = System.nanoTime();
        Process process = variant.peer == null
                ? bus(bus, port, vendor, folder)
                : variant.peer.start(variant.jdk, port, vendor, folder, Ports.free(), Map.of());
        await("the start in " + folder)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .until(() -> isReady(client));
        variant.ready.add((System.nanoTime() - began) / 1_000_000);
        variant.cpu.add(process.info().totalCpuDuration().orElseThrow().toMillis());
        if (backlog > 0 && variant.peer == null) {
            variant.first.add((first.get() - began) / 1_000_000);
        }
        return process;
    }

    /** Starts a bus with the embedded broker, and a SQLite store that is new or holds a backlog. */
    private static Process bus(List<String> command, int management, String vendor, Path folder) throws IOException {
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
        return RunningBus.launch(folder, settings, command).process();
    }

    private void fill(Path folder) throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("data/switchboard.db");
        Store.open(url, "", "").close();
        Backlog.fill(url, LANE, backlog);
    }

    /** Those that have no page of health are ready when they answer. */
    private static boolean isReady(RestClient client) {
        try {
            int status = client.get("/q/health/ready").status();
            return status == 200 || status == 404;
        } catch (UncheckedIOException e) {
            return false; // not listening yet
        }
    }
}
