package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.BusProgram;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** How fast a lane delivers while what old messages hold is erased, and while nothing is: in turns, on one store. */
final class RetentionBench implements Bench.Scenario {

    private static final int TURNS = 2;
    private static final String ACCOUNT = "switchboard.vendors.happytalk.accounts.";
    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");

    private final int messages;
    private final int lines;
    private final AtomicInteger sent = new AtomicInteger();
    private int files;

    RetentionBench(int messages) {
        this.messages = messages;
        this.lines = Math.max(100, messages / 25);
    }

    @Override
    public void print() throws Exception {
        Path folder = RunningBus.newFolder("bench-retention");
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(request -> {
            sent.incrementAndGet();
            return WRITTEN;
        })) {
            start(folder, vendor, "30d").close();
            FilledStore.fill(folder.resolve("data/switchboard.db"), messages);
            System.out.println(
                    "| turn | erasing | delivered a second | CPU a line, µs | erased meanwhile |\n|---|---|---|---|---|");
            var without = new Turn(0, 0);
            var with = new Turn(0, 0);
            for (int i = 1; i <= TURNS; i++) {
                without = without.and(turn(folder, vendor, "30d"));
                with = with.and(turn(folder, vendor, "1h"));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%nWhile it erases, a lane delivers %.2f of what it does otherwise, at %.2f of the CPU time a line.%n",
                    with.rate / without.rate,
                    with.cpu / without.cpu);
        }
    }

    private record Turn(double rate, double cpu) {
        private Turn and(Turn other) {
            return new Turn(rate + other.rate, cpu + other.cpu);
        }
    }

    private static RunningBus start(Path folder, FakeVendor vendor, String bodies) throws IOException {
        var settings = new HashMap<String, String>();
        settings.put("switchboard.retention.bodies", bodies);
        for (String account : new String[] {"default", "a0", "a1", "a2", "a3", "a4"}) {
            settings.put(ACCOUNT + account + ".biz-url", vendor.url());
            settings.put(ACCOUNT + account + ".client-id", "id");
            settings.put(ACCOUNT + account + ".client-secret", "secret");
        }
        return RunningBus.start(folder, settings, BusProgram.asShipped());
    }

    private Turn turn(Path folder, FakeVendor vendor, String bodies) throws Exception {
        try (RunningBus bus = start(folder, vendor, bodies)) {
            drop(bus, "warm-" + files, lines / 4);
            int before = erased(folder);
            Duration cpu = bus.cpu();
            long began = System.nanoTime();
            drop(bus, "file-" + files++, lines);
            double seconds = (System.nanoTime() - began) / 1e9;
            var turn = new Turn(lines / seconds, bus.cpu().minus(cpu).toNanos() / 1e3 / lines);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %.0f | %.0f | %d |%n",
                    files,
                    bodies.equals("30d") ? "no" : "yes",
                    turn.rate,
                    turn.cpu,
                    erased(folder) - before);
            return turn;
        }
    }

    /** Returns when all of it has been delivered. */
    private void drop(RunningBus bus, String name, int count) throws IOException {
        int until = sent.get() + count;
        Path part = bus.file("inbox/" + name + ".csv.part").toPath();
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            out.write("vendor,operation,conversationId,customerId,text\n");
            for (int i = 0; i < count; i++) {
                out.write("happytalk,send,line-" + i + ",anna-1,good evening of " + name + "\n");
            }
        }
        Files.createFile(bus.file("inbox/" + name + ".csv.done").toPath());
        Files.move(part, bus.file("inbox/" + name + ".csv").toPath());
        RestClient rest = bus.rest();
        await(name)
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sent.get() >= until);
        await(name)
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> rest.get("/batches?name=" + name + ".csv")
                        .json()
                        .at("/batches/0/state")
                        .asText()
                        .equals("finished"));
    }

    private static int erased(Path folder) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/switchboard.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from outcome where erased_at is not null")) {
            return rows.getInt(1);
        }
    }
}
