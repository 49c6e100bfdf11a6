package dev.switchboard.bench;

import static org.awaitility.Awaitility.await;

import dev.switchboard.RunningBus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A party with its own vendor and its own load, which can be measured again and again. */
final class Measured implements AutoCloseable {

    private final String name;
    private final Party party;
    private final TimedVendor vendor;
    private final Journey journey;
    private final Feed feed;

    /**
     * What one turn brought.
     *
     * @param perSecond messages that the vendor got
     * @param cpu of the party, microseconds a message
     */
    record Turn(double perSecond, double cpu) {}

    /** How long messages took, in microseconds, from the post and from the acceptance to the vendor's first byte. */
    record Times(List<Long> whole, List<Long> added) {

        /** Returns how long one in a hundred took at least, from the post. */
        double slow() {
            return Bench.at(0.99, whole);
        }
    }

    /** What hands messages to a party is made when that has started. */
    interface Feeding {
        Feed to(Party party, Journey journey) throws Exception;
    }

    private Measured(String name, Party party, TimedVendor vendor, Journey journey, Feed feed) {
        this.name = name;
        this.party = party;
        this.vendor = vendor;
        this.journey = journey;
        this.feed = feed;
    }

    /** Starts a party that is fed by REST. */
    static Measured start(Loop loop, String name, int conversations, Map<String, String> settings) throws Exception {
        Path folder = RunningBus.newFolder("bench-" + name);
        String header = Secured.header(name, folder);
        return start(
                loop,
                name,
                Secured.settings(name, settings, folder),
                folder,
                (party, journey) ->
                        new Load(loop, journey, party.port(), List.of("default"), conversations).with(header));
    }

    /** Starts a party whose data are in a folder. */
    static Measured start(Loop loop, String name, Map<String, String> settings, Path folder, Feeding feeding)
            throws Exception {
        var journey = new Journey();
        var vendor = new TimedVendor(journey);
        Party party = Party.start(name, vendor.url(), settings, folder);
        return new Measured(name, party, vendor, journey, feeding.to(party, journey));
    }

    String name() {
        return name;
    }

    Party party() {
        return party;
    }

    TimedVendor vendor() {
        return vendor;
    }

    /** Returns how many messages the vendor has got. */
    int arrived() {
        return journey.arrived();
    }

    long peak() throws IOException {
        return party.peak();
    }

    /** Hands in as fast as it can, and measures all but the first second. */
    Turn flood(int window, Duration time) throws Exception {
        feed.flood(window);
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
        ((Load) feed).pace(perSecond);
        pass(Duration.ofSeconds(1));
        int from = journey.posted();
        pass(time);
        int to = journey.posted();
        drain();
        return new Times(journey.whole(from, to), journey.added(from, to));
    }

    /**
     * Hands in no more, and returns when the vendor has all.
     *
     * @throws NoFigure where messages were refused or came twice
     */
    private void drain() {
        feed.stop();
        await("what " + name + " has accepted: see " + party.folder())
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(journey::isOver);
        if (journey.refused() > 0) {
            throw new NoFigure(name + " refused " + journey.refused() + " messages: " + journey.refusal());
        }
        if (journey.again() > 0) {
            throw new NoFigure(name + " sent " + journey.again() + " messages twice");
        }
    }

    /** Lets time pass: what is measured goes on by itself meanwhile. */
    static void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    @Override
    public void close() {
        feed.close();
        party.close();
        vendor.close();
    }
}
