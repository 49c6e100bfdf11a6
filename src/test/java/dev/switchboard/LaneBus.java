package dev.switchboard;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bus with lanes of tests, in one folder and with one store however often it is started. */
final class LaneBus implements AutoCloseable {

    private final Path folder;
    private final List<TestLane> lanes = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable RunningBus running;

    LaneBus(String name, StoreKind store) throws IOException {
        this.folder = RunningBus.newFolder(name);
        settings.putAll(store.newStore());
    }

    LaneBus with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    TestLane lane(String account, String... lane) {
        var added = new TestLane(account, lane);
        lanes.add(added);
        settings.putAll(added.settings());
        return added;
    }

    LaneBus start() throws IOException {
        RunningBus started = RunningBus.start(folder, settings);
        lanes.forEach(lane -> lane.on(started));
        running = started;
        return this;
    }

    /** Starts another instance on the same store, in a folder of its own. */
    RunningBus startAnother() throws IOException {
        return RunningBus.start(RunningBus.newFolder("another"), settings);
    }

    private RunningBus running() {
        if (running == null) {
            throw new IllegalStateException("the bus was not started");
        }
        return running;
    }

    /** Stops it as SIGTERM does; returns its status. */
    int stop() throws InterruptedException {
        return running().stop();
    }

    /** Waits until a bus that was told to stop says that it is not ready; returns the status that its API has then. */
    int statusWhileNotReady() throws IOException {
        running().terminate();
        RestClient health = running().management();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> health.get("/q/health/ready").status() == 503);
        return running().rest().get("/lanes").status();
    }

    void kill() {
        running().kill();
    }

    String log() throws IOException {
        return running().log();
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
        lanes.forEach(TestLane::close);
    }
}
