package dev.switchboard.bench;

import dev.switchboard.RunningBus;
import dev.switchboard.bench.Measured.Turn;
import dev.switchboard.queue.Pause;
import dev.switchboard.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a message costs with more lanes, with more messages in the store, and with more that wait: a bus for each number, in turns. */
final class GrowthBench implements Bench.Scenario {

    private static final int WINDOW = 1_000;
    private static final int CONVERSATIONS = 10_000;

    private final List<String> lanes;
    private final List<String> stored;
    private final List<String> waiting;
    private final Turns turns;

    GrowthBench(Options options) {
        lanes = options.list("lanes-of", "1,2,4,8");
        stored = options.list("stored", "1000,10000,100000,1000000");
        waiting = options.list("waiting", "0,1000000");
        turns = Turns.of(options, 20, 5, 5);
    }

    /** Starts the bus that a row is about. */
    private interface Start {
        Measured of(Loop loop, String number) throws Exception;
    }

    @Override
    public void print() throws Exception {
        print("lanes", lanes, GrowthBench::withLanes);
        print("messages in the store at first", stored, GrowthBench::withStored);
        print(
                "messages that wait in another lane, half of them of one conversation",
                waiting,
                GrowthBench::withWaiting);
    }

    private void print(String head, List<String> numbers, Start start) throws Exception {
        if (numbers.equals(List.of("none"))) {
            return;
        }
        var buses = new LinkedHashMap<String, Measured>();
        try (Loop loop = new Loop()) {
            for (String number : numbers) {
                buses.put(number, start.of(loop, number));
            }
            Map<Measured, List<Turn>> found = turns.play(List.copyOf(buses.values()), WINDOW);
            print(head, buses, found);
        } finally {
            buses.values().forEach(Measured::close);
        }
    }

    private static void print(String head, Map<String, Measured> buses, Map<Measured, List<Turn>> found)
            throws IOException {
        System.out.printf(
                "| %s | came meanwhile | messages a second | CPU a message, µs | peak RSS, MB | its CPU to the first row's |%n"
                        + "|---|---|---|---|---|---|%n",
                head);
        List<Turn> first = found.values().iterator().next();
        for (Map.Entry<String, Measured> each : buses.entrySet()) {
            List<Turn> turns = found.getOrDefault(each.getValue(), List.of());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %,.0f | %.0f | %d | %s |%n",
                    each.getKey(),
                    each.getValue().arrived(),
                    Ratios.median(turns, Turn::perSecond),
                    Ratios.median(turns, Turn::cpu),
                    each.getValue().peak(),
                    Ratios.of(turns, first, Turn::cpu));
        }
        System.out.println();
    }

    private static Measured withLanes(Loop loop, String number) throws Exception {
        List<String> accounts = IntStream.range(0, Integer.parseInt(number))
                .mapToObj(i -> "a" + i)
                .toList();
        return start(loop, accounts, accounts, RunningBus.newFolder("bench-lanes"));
    }

    private static Measured withStored(Loop loop, String number) throws Exception {
        Path folder = RunningBus.newFolder("bench-stored");
        String waiting =
                IntStream.range(0, FilledStore.ACCOUNTS).mapToObj(i -> "a" + i).collect(Collectors.joining(","));
        List<String> accounts = List.of("default", waiting);
        Party.start(Party.SWITCHBOARD, "http://127.0.0.1:9", settings(accounts), folder)
                .close();
        FilledStore.fill(folder.resolve("data/switchboard.db"), Integer.parseInt(number));
        return start(loop, accounts, List.of("default"), folder);
    }

    private static Measured withWaiting(Loop loop, String number) throws Exception {
        Path folder = RunningBus.newFolder("bench-waiting");
        String url = "jdbc:sqlite:" + folder.resolve("data/switchboard.db");
        try (Store store = Store.open(url, "", "")) {
            store.lanes()
                    .pause("happytalk/waiting", new Pause("other lanes are measured", null))
                    .join();
        }
        if (Integer.parseInt(number) > 0) {
            Backlog.fill(url, "happytalk/waiting", Integer.parseInt(number));
        }
        return start(loop, List.of("default", "waiting"), List.of("default"), folder);
    }

    private static Map<String, String> settings(List<String> accounts) {
        return Map.of("accounts", String.join(",", accounts));
    }

    private static Measured start(Loop loop, List<String> accounts, List<String> fed, Path folder) throws Exception {
        return Measured.start(
                loop,
                Party.SWITCHBOARD,
                settings(accounts),
                folder,
                (party, journey) -> new Load(loop, journey, party.port(), fed, CONVERSATIONS));
    }
}
