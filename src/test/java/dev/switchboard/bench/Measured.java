package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A party with its own vendor and its own load, which can be measured again and again. */
final class Measured implements AutoCloseable {

    private final Party party;
    private final Journey journey;
    private final Load load;

    /**
     * What one turn brought.
     *
     * @param perSecond messages that the vendor got
     * @param cpu of the party, microseconds a message
     */
    record Turn(double perSecond, double cpu) {}

    /** How long messages took, in microseconds, from the post and from the acceptance to the vendor's first byte. */
    record Times(List<Long> whole, List<Long> added) {}

    private Measured(Party party, Journey journey, Load load) {
        this.party = party;
        this.journey = journey;
        this.load = load;
    }

    static Measured start(Loop loop, String name, int conversations, Map<String, String> settings) throws Exception {
        var journey = new Journey();
        var vendor = new StandIn(loop, journey);
        Party party = Party.start(name, vendor.url(), settings);
        return new Measured(party, journey, new Load(loop, journey, party.port(), "default", conversations));
    }

    String name() {
        return party.name();
    }

    long peak() throws IOException {
        return party.peak();
    }

    /** Returns how many calls the vendor got again, which is what a party that restarts nothing should never do. */
    int again() {
        return journey.again();
    }

    /** Posts as fast as it can, and measures all but the first second. */
    Turn flood(int window, Duration time) throws Exception {
        load.flood(window);
        pass(Duration.ofSeconds(1));
        int from = journey.arrived();
        double cpu = party.cpu();
        long began = System.nanoTime();
        pass(time);
        int count = journey.arrived() - from;
        double seconds = (System.nanoTime() - began) / 1e9;
        double used = party.cpu() - cpu;
        drain();
        return new Turn(count / seconds, used * 1e6 / count);
    }

    /** Posts so many a second, and measures all but the first second. */
    Times pace(int perSecond, Duration time) throws Exception {
        load.pace(perSecond);
        pass(Duration.ofSeconds(1));
        int from = journey.posted();
        pass(time);
        int to = journey.posted();
        drain();
        return new Times(journey.whole(from, to), journey.added(from, to));
    }

    private void drain() {
        load.stop();
        await("what " + party.name() + " has accepted: see " + party.folder())
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> journey.arrived() >= journey.accepted()
                        && journey.accepted() + journey.refused() == journey.posted());
        if (journey.refused() > 0) {
            throw new IllegalStateException(
                    party.name() + " refused " + journey.refused() + " messages: " + journey.refusal());
        }
    }

    /** Lets time pass: what is measured goes on by itself meanwhile. */
    static void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    @Override
    public void close() {
        party.close();
    }
}
