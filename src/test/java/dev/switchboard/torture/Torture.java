package dev.switchboard.torture;

import dev.switchboard.RunningBus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the harness: {@code ./switchboard torture}. */
public final class Torture {

    private Torture() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Path folder = RunningBus.newFolder("torture");
        System.out.println(folder);
        var store = new TestedStore("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), Map.of());
        long begin = System.nanoTime();
        try (Site site = new Site(folder, store, Map.of(), 1)) {
            Findings findings = new Round(site, List.of(new RandomKills(3, 1)), 5, 1).run();
            System.out.println(findings);
        }
        System.out.println((System.nanoTime() - begin) / 1_000_000 + " ms");
        System.exit(0);
    }
}
