package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.BusProgram;
import dev.switchboard.PostgresServer;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/** How fast one dropped file is accepted, what that costs, and what a single message notices of it. */
final class FilesBench {

    private static final String HEAD = """
            | store | format | lanes | lines | accepted a second | CPU a line, µs | sent meanwhile | memory (RSS) at 10, 50, 100 %, MB | peak, MB | a single message waits: median, p99, ms |
            |---|---|---|---|---|---|---|---|---|---|""";

    private static final String NAME = "lines";

    private final Stores stores;
    private final String format;
    private final int lines;
    private final boolean paused;

    private FilesBench(Stores stores, String format, int lines, boolean paused) {
        this.stores = stores;
        this.format = format;
        this.lines = lines;
        this.paused = paused;
    }

    /** Measures each kind of store with each format, while the lanes are paused and while they send. */
    static Bench.Scenario of(Options options) {
        int lines = options.number("lines", 1_000_000);
        List<String> formats = options.list("format", "csv,jsonl");
        List<String> kinds = options.list("store", "sqlite,postgresql");
        List<String> lanes = options.list("lanes", "paused,sending");
        return () -> {
            System.out.println(HEAD);
            for (String kind : kinds) {
                try (Stores stores = stores(kind)) {
                    for (String format : formats) {
                        for (String lane : lanes) {
                            System.out.println(new FilesBench(stores, format, lines, lane.equals("paused")).row());
                        }
                    }
                }
            }
        };
    }

    private static Stores stores(String kind) throws Exception {
        return kind.equals("sqlite") ? Stores.sqlite() : PostgresServer.start(RunningBus.newFolder("bench"));
    }

    /** Plays it, and returns a row of the table. */
    private String row() throws Exception {
        Path folder = RunningBus.newFolder("bench-files");
        try (Singles singles = new Singles()) {
            var settings = new HashMap<>(singles.settings());
            settings.putAll(stores.next(folder).settings());
            try (RunningBus bus = RunningBus.start(folder, settings, BusProgram.asShipped())) {
                return row(bus, singles);
            }
        }
    }

    private String row(RunningBus bus, Singles singles) throws Exception {
        if (paused) {
            bus.rest().post("/lanes/happytalk/default/pause", "{\"reason\":\"measuring\"}");
        } else {
            singles.begin(bus.rest());
        }
        Path part = bus.file("inbox/" + NAME + "." + format + ".part").toPath();
        write(part);
        Files.createFile(bus.file("inbox/" + NAME + "." + format + ".done").toPath());
        Duration cpu = bus.cpu();
        long began = System.nanoTime();
        Files.move(part, bus.file("inbox/" + NAME + "." + format).toPath());
        var memory = new ArrayList<Long>();
        JsonNode batch = await("the end of the reading")
                .atMost(Duration.ofHours(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> batch(bus, memory), read -> read.path("read").asInt() == lines);
        double seconds = (System.nanoTime() - began) / 1e9;
        long micros = bus.cpu().minus(cpu).toNanos() / 1000;
        List<Long> waits = paused ? List.of() : singles.waits();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %,d | %,.0f | %.1f | %,d | %d, %d, %d | %d | %s |",
                stores.name(),
                format,
                paused ? "paused" : "sending",
                lines,
                lines / seconds,
                (double) micros / lines,
                batch.path("delivered").asLong(),
                memory.get(memory.size() / 10),
                memory.get(memory.size() / 2),
                memory.get(memory.size() - 1),
                bus.memory("VmHWM"),
                paused ? "" : Bench.at(0.5, waits) + ", " + Bench.at(0.99, waits));
    }

    private JsonNode batch(RunningBus bus, List<Long> memory) throws IOException {
        memory.add(bus.memory("VmRSS"));
        RestClient.Answer answer = bus.rest().get("/batches?name=" + NAME + "." + format);
        return answer.json().at("/batches/0");
    }

    private void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            if (format.equals("csv")) {
                out.write("id,vendor,operation,conversationId,customerId,text\n");
            }
            for (int i = 0; i < lines; i++) {
                out.write(line(i));
            }
        }
    }

    private String line(int i) {
        String text = "Dear customer " + i + ", your order is on its way";
        return format.equals("csv")
                ? "order-" + i + ",happytalk,send,room-" + i + ",user-" + i + ",\"" + text + "\"\n"
                : "{\"id\":\"order-" + i
                        + "\",\"vendor\":\"happytalk\",\"operation\":\"send\",\"conversationId\":\"room-" + i
                        + "\",\"customerId\":\"user-" + i + "\",\"text\":\"" + text + "\"}\n";
    }
}
