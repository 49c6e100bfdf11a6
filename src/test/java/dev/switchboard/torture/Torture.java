package dev.switchboard.torture;

import dev.switchboard.RunningBus;
import java.nio.file.Path;
import java.util.List;

/** Runs the harness: {@code ./switchboard torture}. */
public final class Torture {

    private Torture() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Path folder = RunningBus.newFolder("torture");
        System.out.println(folder);
        long begin = System.nanoTime();
        try (Stores stores = arguments[0].equals("sqlite") ? Stores.sqlite() : PostgresServer.start(folder)) {
            Fault fault = switch (arguments[1]) {
                case "kill" -> new RandomKills(3, 1);
                case "kill-at" -> new KillsAtPoints(List.of(KillPoint.values()), 1);
                case "term" -> new Terminations(2);
                case "outage" -> new Outage(Trouble.OUT_503, java.time.Duration.ofSeconds(15));
                case "clock" -> new ClockJump(3000);
                case "pg" -> new PostgresDown(stores, 2);
                default -> new VendorTrouble(Trouble.valueOf(arguments[1]), 5000);
            };
            Findings findings = Round.play(new Setup(folder, stores.next(folder)), List.of(fault), 1);
            System.out.println(findings);
        }
        System.out.println((System.nanoTime() - begin) / 1_000_000 + " ms");
        System.exit(0);
    }
}
