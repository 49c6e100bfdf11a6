package dev.switchboard.bench;

import dev.switchboard.RunningBus;
import dev.switchboard.torture.PostgresServer;
import dev.switchboard.torture.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./switchboard bench files|lists|retention}: prints figures as Markdown. */
public final class Bench {

    private Bench() {}

    /** What is measured: how many lines, in which formats and stores, and whether they are sent meanwhile. */
    private record Options(int lines, List<String> formats, List<String> stores, List<String> lanes) {

        private static Options of(String... arguments) {
            if (arguments.length % 2 == 0 || !arguments[0].equals("files")) {
                throw new IllegalArgumentException(
                        "bench knows: files [--lines N] [--format csv,jsonl] [--store sqlite,postgresql]"
                                + " [--lanes paused,sending]");
            }
            var options = new Options(
                    1_000_000, List.of("csv", "jsonl"), List.of("sqlite", "postgresql"), List.of("paused", "sending"));
            for (int i = 1; i < arguments.length; i += 2) {
                options = options.with(arguments[i], arguments[i + 1]);
            }
            return options;
        }

        private Options with(String name, String value) {
            return switch (name) {
                case "--lines" -> new Options(Integer.parseInt(value), formats, stores, lanes);
                case "--format" -> new Options(lines, List.of(value.split(",", -1)), stores, lanes);
                case "--store" -> new Options(lines, formats, List.of(value.split(",", -1)), lanes);
                case "--lanes" -> new Options(lines, formats, stores, List.of(value.split(",", -1)));
                default -> throw new IllegalArgumentException("bench does not know " + name);
            };
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        try {
            if (arguments.length > 0 && arguments[0].equals("lists")) {
                new ListsBench(messages(arguments)).print();
            } else if (arguments.length > 0 && arguments[0].equals("retention")) {
                new RetentionBench(messages(arguments)).print();
            } else {
                run(Options.of(arguments));
            }
        } catch (IllegalArgumentException e) {
            System.err.println("switchboard: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int messages(String... arguments) {
        if (arguments.length != 1 && (arguments.length != 3 || !arguments[1].equals("--messages"))) {
            throw new IllegalArgumentException("bench " + arguments[0] + " knows: --messages N");
        }
        return arguments.length == 1 ? 1_000_000 : Integer.parseInt(arguments[2]);
    }

    private static void run(Options options) throws Exception {
        Path folder = RunningBus.newFolder("bench");
        System.out.println(FilesBench.HEAD);
        for (String kind : options.stores) {
            try (Stores stores = kind.equals("sqlite") ? Stores.sqlite() : PostgresServer.start(folder)) {
                for (String format : options.formats) {
                    for (String lanes : options.lanes) {
                        System.out.println(new FilesBench(stores, format, options.lines, lanes.equals("paused")).row());
                    }
                }
            }
        }
    }

    /** Returns the number in the middle, or at another share of the way. */
    static long at(double share, List<Long> numbers) {
        var sorted = new ArrayList<>(numbers);
        sorted.sort(null);
        return sorted.isEmpty() ? -1 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
