package dev.switchboard.vendor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A fake vendor for each contract scenario, and the settings of a bus with an account for each. */
final class ContractStage {

    private ContractStage() {}

    /** A scenario with its vendor; none where connections are refused. */
    record Play(Scenario scenario, Optional<FakeVendor> vendor) {

        static Play of(Scenario scenario) {
            if (scenario.refused()) {
                return new Play(scenario.at(FakeVendor.refusingUrl()), Optional.empty());
            }
            FakeVendor vendor = FakeVendor.start();
            Scenario here = scenario.at(vendor.url());
            here.answers().forEach(vendor::enqueue);
            return new Play(here, Optional.of(vendor));
        }

        List<Request> requests() {
            return vendor.map(FakeVendor::requests).orElse(List.of());
        }

        @Override
        public String toString() {
            return scenario.toString();
        }
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
                "switchboard.lane.later", "20ms"));
        settings.put("switchboard.public.port", "0");
        // an account that a vendor may call needs someone who takes what it sends
        settings.put(
                "switchboard.vendors.receivers.accounts.contract.folder",
                dataDir.resolve("events").toString());
        plays.forEach(play -> settings.putAll(play.scenario().settings()));
        return settings;
    }
}
