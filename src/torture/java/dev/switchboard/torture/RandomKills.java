package dev.switchboard.torture;

import dev.switchboard.RunningBus;
import java.util.Random;
import java.util.Set;

/** Kills the process at random moments, sometimes while it starts. */
final class RandomKills implements Fault {

    private final int count;
    private final Random random;

    RandomKills(int count, long seed) {
        this.count = count;
        this.random = new Random(seed);
    }

    @Override
    public void strike(Site site) throws Exception {
        site.stop();
        for (int i = 0; i < count; i++) {
            RunningBus bus = site.launch();
            if (random.nextInt(5) == 0) {
                Feeder.pause(random.nextInt(3_000));
            } else {
                bus.awaitStart();
                Feeder.pause(500 + random.nextInt(2_500));
            }
            bus.kill();
        }
    }

    @Override
    public Allowance allowance() {
        return new Allowance(count * Site.CONCURRENCY, Set.of());
    }

    @Override
    public int kills() {
        return count;
    }
}
