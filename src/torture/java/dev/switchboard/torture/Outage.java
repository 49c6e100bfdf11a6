package dev.switchboard.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes the vendors away for a while: the circuits open, and what waits spends no attempts. */
final class Outage implements Fault {

    private static final int LANES = 2;
    private static final int MOST_ATTEMPTS = LANES * (Site.CONCURRENCY + 20);

    private final Trouble kind;
    private final Duration length;
    private final List<String> broken = new ArrayList<>();

    Outage(Trouble kind, Duration length) {
        this.kind = kind;
        this.length = length;
    }

    @Override
    public void prepare(Setup setup) {
        setup.settings.put("switchboard.circuit.probe-max", "10s");
    }

    @Override
    public void strike(Site site) throws Exception {
        site.running();
        Feeder.pause(2_000);
        Instant begin = Instant.now();
        site.vendors().suffer(kind);
        Feeder.pause(length.toMillis());
        Instant end = Instant.now();
        site.vendors().suffer(Trouble.NONE);
        long attempts = site.vendors().log().stream()
                .filter(seen -> !seen.performed()
                        && seen.at().isAfter(begin)
                        && seen.at().isBefore(end))
                .count();
        if (attempts > MOST_ATTEMPTS) {
            broken.add(attempts + " attempts were made in an outage of " + length + ", not " + MOST_ATTEMPTS);
        }
    }

    @Override
    public List<String> broken() {
        return broken;
    }
}
