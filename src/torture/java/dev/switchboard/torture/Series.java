package dev.switchboard.torture;

import dev.switchboard.PostgresServer;
import dev.switchboard.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Plays rounds on one store: each fault once, then kills for as long as there is time. */
final class Series implements Callable<Report> {

    private static final List<Scenario> LASTING = List.of(Scenario.KILL, Scenario.KILL_AT, Scenario.KILL);

    private final String store;
    private final Options options;
    private final Path folder;
    private final Report report;
    private final long end;

    Series(String store, Options options, Path folder, Report report) {
        this.store = store;
        this.options = options;
        this.folder = folder.resolve(store);
        this.report = report;
        this.end = System.nanoTime() + options.minutes() * 60_000_000_000L;
    }

    @Override
    public Report call() throws Exception {
        Files.createDirectories(folder);
        try (Stores stores = store.equals("sqlite") ? Stores.sqlite() : PostgresServer.start(folder)) {
            int round = 0;
            for (Scenario each : options.faults()) {
                play(stores, each, ++round);
            }
            List<Scenario> lasting =
                    LASTING.stream().filter(options.faults()::contains).toList();
            while (System.nanoTime() < end && !lasting.isEmpty()) {
                play(stores, lasting.get(round % lasting.size()), ++round);
            }
        }
        return report;
    }

    private void play(Stores stores, Scenario scenario, int round) throws Exception {
        long seed = options.seed() * 1_000 + round;
        var play = new Scenario.Play(stores, seed, options.minutes() < 15);
        Path place = Files.createDirectories(folder.resolve(round + "-" + scenario));
        Fault fault = scenario.fault(play);
        long begin = System.nanoTime();
        try {
            Findings findings = Round.play(new Setup(place, stores.next(place)), List.of(fault), seed);
            report.add(scenario.toString(), store, fault.kills(), findings);
            say(
                    scenario,
                    begin,
                    findings.accepted() + " accepted, " + findings.wrong().size() + " wrong");
        } catch (NotPossible e) {
            report.notPossible(scenario.toString(), store, String.valueOf(e.getMessage()));
        } catch (Exception | AssertionError e) {
            report.failed(scenario.toString(), store, e);
            say(scenario, begin, e + " (see " + place + ")");
        }
    }

    private void say(Scenario scenario, long begin, String what) {
        long seconds = (System.nanoTime() - begin) / 1_000_000_000;
        System.out.println(store + " " + scenario + ", " + seconds + " s: " + what);
    }
}
