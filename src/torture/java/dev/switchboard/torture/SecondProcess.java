package dev.switchboard.torture;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Starts a second process on the store of the first. Both take messages in; when the first is killed, the second takes over
 * its lanes, and the first again when the second is killed. The broker is not that of either.
 */
final class SecondProcess implements Fault {

    private static final int CONVERSATIONS = 20;

    private final long seed;
    private final List<String> broken = new ArrayList<>();
    private int kills;
    private @Nullable BrokerProcess broker;
    private @Nullable RunningBus second;

    SecondProcess(long seed) {
        this.seed = seed;
    }

    @Override
    public void prepare(Setup setup) throws IOException {
        broker = new BrokerProcess(setup.folder);
        broker.start();
        setup.settings.put("switchboard.broker.url", broker.url());
    }

    @Override
    public void strike(Site site) throws Exception {
        RunningBus first = site.running();
        Path folder = Files.createDirectories(site.folder().resolve("second"));
        RunningBus other = RunningBus.launch(folder, site.settingsOfAnother());
        second = other;
        other.awaitStart();
        var feeder = new RestFeeder(other.rest(), new Conversations("rest", "t", CONVERSATIONS, seed), site.ledger());
        feeder.start();
        Feeder.pause(2_000);
        kill(first);
        Feeder.pause(1_000);
        takesOver(other.rest(), "the second process");
        site.running();
        Feeder.pause(2_000);
        feeder.stop();
        feeder.ended();
        kill(other);
        takesOver(site.rest(), "the first process");
    }

    private void kill(RunningBus bus) {
        bus.kill();
        kills++;
    }

    private void takesOver(RestClient bus, String who) {
        var message = new Sent("over", kills, "rest");
        bus.submit(message.json());
        try {
            bus.finished(message.id());
        } catch (ConditionTimeoutException e) {
            broken.add(who + " did not take over the lanes within 20 s of the kill of the other");
        }
    }

    @Override
    public Allowance allowance() {
        return new Allowance(kills * Site.CONCURRENCY, Set.of());
    }

    @Override
    public int kills() {
        return kills;
    }

    @Override
    public List<String> broken() {
        return broken;
    }

    @Override
    public void close() {
        if (second != null) {
            second.kill();
        }
        if (broker != null) {
            broker.close();
        }
    }
}
