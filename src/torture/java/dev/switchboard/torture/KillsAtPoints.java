package dev.switchboard.torture;

import static org.awaitility.Awaitility.await;

import dev.switchboard.RunningBus;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Kills the process when it comes to a point of a message's way, one point after the other. */
final class KillsAtPoints implements Fault {

    private final List<KillPoint> points;
    private final Random random;

    KillsAtPoints(List<KillPoint> points, long seed) {
        this.points = points;
        this.random = new Random(seed);
    }

    @Override
    public void strike(Site site) throws Exception {
        site.stop();
        for (KillPoint point : points) {
            String argument = point.argument(1 + random.nextInt(point.most()));
            RunningBus bus = site.launch(AgentJar.option(site.folder(), argument));
            await(point + ", which was never reached")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !bus.isAlive() || bus.log().contains(KillPointAgent.REACHED));
            if (!bus.isAlive()) {
                throw new IllegalStateException("the bus ended by itself before " + point + ": " + bus.log());
            }
            bus.kill();
        }
    }

    @Override
    public Allowance allowance() {
        return new Allowance(points.size() * Site.CONCURRENCY, Set.of());
    }

    @Override
    public int kills() {
        return points.size();
    }
}
