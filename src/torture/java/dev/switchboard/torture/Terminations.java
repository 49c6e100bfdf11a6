package dev.switchboard.torture;

import dev.switchboard.RunningBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Stops the process with SIGTERM in the middle of its work: nothing may be lost, and nothing be uncertain. */
final class Terminations implements Fault {

    private static final Duration GRACE = Duration.ofSeconds(35);
    private static final int SIGTERM = 128 + 15;

    private final int count;
    private final List<String> broken = new ArrayList<>();

    Terminations(int count) {
        this.count = count;
    }

    @Override
    public void strike(Site site) throws Exception {
        for (int i = 0; i < count; i++) {
            RunningBus bus = site.running();
            Feeder.pause(2_000);
            long begin = System.nanoTime();
            bus.terminate();
            int status = bus.exitStatus();
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            if (status != SIGTERM && status != 0) {
                broken.add("SIGTERM ended the process with status " + status);
            }
            if (taken.compareTo(GRACE) > 0) {
                broken.add("SIGTERM took " + taken);
            }
        }
    }

    @Override
    public List<String> broken() {
        return broken;
    }
}
