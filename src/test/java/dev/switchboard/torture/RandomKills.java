package dev.switchboard.torture;

import java.util.Random;

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
        for (int i = 0; i < count; i++) {
            if (random.nextInt(5) == 0) {
                Feeder.pause(random.nextInt(3_000));
            } else {
                site.bus().awaitStart();
                Feeder.pause(500 + random.nextInt(2_500));
            }
            site.bus().kill();
            site.launch();
        }
    }

    @Override
    public Allowance allowance() {
        return new Allowance(count * Site.CONCURRENCY, java.util.Set.of());
    }

    @Override
    public int kills() {
        return count;
    }
}
