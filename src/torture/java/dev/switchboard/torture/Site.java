package dev.switchboard.torture;

import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.TestedStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One bus with all that it stands on: folder, settings, ports, store and vendors. The process comes and goes. */
final class Site implements AutoCloseable {

    static final int CONCURRENCY = 8;

    private final Path folder;
    private final TestedStore store;
    private final LoggedVendor vendors;
    private final Ledger ledger;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final int restPort = Ports.free();
    private final int brokerPort = Ports.free();
    private final RestClient rest = new RestClient(URI.create("http://127.0.0.1:" + restPort));
    private @Nullable RunningBus bus;

    Site(Setup setup, long seed) throws IOException {
        this.folder = setup.folder;
        this.store = setup.store;
        this.environment = setup.environment;
        this.ledger = new Ledger(folder.resolve("client.log"));
        this.vendors = new LoggedVendor(folder, seed);
        this.settings = new HashMap<>(common());
        settings.putAll(store.settings());
        settings.putAll(accounts(vendors.url()));
        settings.putAll(setup.settings);
    }

    private Map<String, String> common() {
        return Map.of(
                "quarkus.http.port",
                Integer.toString(restPort),
                "quarkus.management.port",
                Integer.toString(Ports.free()),
                "switchboard.broker.url",
                "embedded",
                "switchboard.broker.port",
                Integer.toString(brokerPort),
                "switchboard.lane.concurrency",
                Integer.toString(CONCURRENCY),
                "switchboard.lane.timeout",
                "2s",
                "switchboard.lane.uncertain",
                "park",
                "switchboard.lane.retry",
                "200ms,500ms" + ",1s".repeat(40),
                "switchboard.circuit.probe",
                "500ms",
                "switchboard.circuit.probe-max",
                "2s");
    }

    private static Map<String, String> accounts(String url) {
        String happytalk = "switchboard.vendors.happytalk.accounts.default.";
        String thulium = "switchboard.vendors.thulium.accounts.default.";
        return Map.of(
                happytalk + "biz-url", url,
                happytalk + "client-id", "torture-client",
                happytalk + "client-secret", "torture-secret",
                thulium + "url", url + "/api",
                thulium + "username", "torture-user",
                thulium + "password", "torture-password");
    }

    /** Starts the process, and does not wait for it. */
    RunningBus launch(String... jvm) throws IOException {
        RunningBus launched = RunningBus.launch(folder, settings, environment, jvm);
        bus = launched;
        return launched;
    }

    /** Returns the process when it listens; starts it where it does not run. */
    RunningBus running() throws IOException {
        RunningBus running = bus == null || !bus.isAlive() ? launch() : bus;
        running.awaitStart();
        return running;
    }

    /** Stops the process, if it runs, as SIGTERM does. */
    void stop() {
        if (bus != null) {
            bus.close();
        }
    }

    Path folder() {
        return folder;
    }

    Path files(String name) {
        return folder.resolve("files").resolve(name);
    }

    StoreReader reader() {
        return new StoreReader(store);
    }

    Ledger ledger() {
        return ledger;
    }

    /** Returns the settings of another process that has the same store and vendors, and the rest for itself. */
    Map<String, String> settingsOfAnother() {
        var others = new HashMap<>(settings);
        others.put("quarkus.http.port", "0");
        others.put("quarkus.management.port", "0");
        return others;
    }

    LoggedVendor vendors() {
        return vendors;
    }

    RestClient rest() {
        return rest;
    }

    /** Returns where senders and receivers find the broker. */
    String brokerUrl() {
        String url = settings.getOrDefault("switchboard.broker.url", "embedded");
        return url.equals("embedded") ? "tcp://127.0.0.1:" + brokerPort : url;
    }

    @Override
    public void close() throws IOException {
        stop();
        vendors.close();
        ledger.close();
    }
}
