package dev.switchboard.torture;

import dev.switchboard.RunningBus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the harness: {@code ./switchboard torture}. The exit status is 0 where the bus has kept all its promises. */
public final class Torture {

    private Torture() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        try {
            Report report = run(Options.of(arguments));
            System.out.println("\n" + report.text());
            System.exit(report.clean() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("switchboard: " + e.getMessage());
            System.exit(2);
        }
    }

    /** Plays the stores side by side. */
    static Report run(Options options) throws Exception {
        Path folder = RunningBus.newFolder("torture");
        System.out.println("seed " + options.seed() + ", records in " + folder);
        var report = new Report();
        ExecutorService players = Executors.newFixedThreadPool(options.stores().size());
        try {
            var playing = new ArrayList<Future<Report>>();
            options.stores().forEach(store -> playing.add(players.submit(new Series(store, options, folder, report))));
            for (Future<Report> each : playing) {
                each.get();
            }
        } catch (ExecutionException e) {
            report.failed("the harness", "one of the stores", e.getCause() == null ? e : e.getCause());
        } finally {
            players.shutdown();
        }
        return report;
    }
}
