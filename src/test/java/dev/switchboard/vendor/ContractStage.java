package dev.switchboard.vendor;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Starts a fake vendor for each contract scenario, and gives the bus an account that points at it. */
public final class ContractStage implements QuarkusTestResourceLifecycleManager {

    private final List<Play> plays = new ArrayList<>();

    /** A scenario with its vendor; null where nobody listens. */
    record Play(Scenario scenario, Optional<FakeVendor> vendor) {

        static Play of(Scenario scenario) {
            if (scenario.refused()) {
                return new Play(scenario.at(FakeVendor.refusingUrl()), Optional.empty());
            }
            FakeVendor vendor = FakeVendor.start();
            scenario.answers().forEach(vendor::enqueue);
            return new Play(scenario.at(vendor.url()), Optional.of(vendor));
        }

        List<Request> requests() {
            return vendor.map(FakeVendor::requests).orElse(List.of());
        }

        @Override
        public String toString() {
            return scenario.toString();
        }
    }

    @Override
    public Map<String, String> start() {
        Scenario.readAll(RouteFolder.read(Optional.empty())).stream()
                .map(Play::of)
                .forEach(plays::add);
        return settings(dataDir(), plays);
    }

    /** Returns what a bus needs to be played before: a lane that is soon done with its tries, and the accounts of all scenarios. */
    static Map<String, String> settings(Path dataDir, List<Play> plays) {
        var settings = new TreeMap<>(Map.of(
                "switchboard.data-dir", dataDir.toString(),
                "switchboard.files.dir", dataDir.resolve("files").toString(),
                "switchboard.broker.url", "none",
                "switchboard.lane.concurrency", "1",
                "switchboard.lane.timeout", "20s",
                "switchboard.lane.retry", "20ms,20ms,20ms",
                "switchboard.lane.later", "20ms",
                "quarkus.http.test-port", "0",
                "quarkus.management.test-port", "0"));
        plays.forEach(play -> settings.putAll(play.scenario().settings()));
        return settings;
    }

    private static Path dataDir() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "contract")), "data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(plays, new TestInjector.Annotated(Plays.class));
    }

    @Override
    public void stop() {
        plays.forEach(play -> play.vendor().ifPresent(FakeVendor::close));
    }
}
