package dev.switchboard.bench;

import dev.switchboard.RunningBus;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A queue of the party's own broker to a vendor that answers at once: Switchboard and the relay, in turns. */
final class QueueBench implements Bench.Scenario {

    private static final int WINDOW = 1_000;
    private static final int CONVERSATIONS = 10_000;

    private final List<String> names;
    private final Map<String, String> settings;
    private final Turns turns;

    QueueBench(Options options) {
        names = options.list("queues", "switchboard,relay");
        settings = Map.of("switchboard.broker.consumers", options.text("consumers", "1"));
        turns = Turns.of(options, 40, 8, 5);
    }

    @Override
    public void print() throws Exception {
        var parties = new ArrayList<Measured>();
        try (Loop loop = new Loop()) {
            for (String name : names) {
                parties.add(
                        Measured.start(loop, name, settings, RunningBus.newFolder("bench-" + name), QueueBench::load));
                parties.get(parties.size() - 1).party().print();
            }
            System.out.println("\nFrom a queue:\n");
            Comparison.of(turns.play(parties, WINDOW)).print();
        } finally {
            parties.forEach(Measured::close);
        }
    }

    private static Feed load(Party party, Journey journey) throws JMSException {
        return new QueueLoad(journey, party.broker(), party.queue(), CONVERSATIONS);
    }
}
