package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.BusProgram;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Plays the contract scenarios of one vendor, whose folder may be in another route folder: {@code ./switchboard contract}. */
public final class Contract {

    private Contract() {}

    /** Status 0: all is as the scenarios say; 1: something differs, and is shown; 2: wrong arguments. */
    public static void main(String[] arguments) throws Exception {
        boolean overlaid = arguments.length == 3 && arguments[0].equals("--routes");
        if (!overlaid && arguments.length != 1) {
            System.err.println("usage: ./switchboard contract [--routes DIR] VENDOR");
            System.exit(2);
        }
        Optional<Path> routes = overlaid ? Optional.of(Path.of(arguments[1]).toAbsolutePath()) : Optional.empty();
        try {
            System.exit(play(arguments[arguments.length - 1], routes) ? 0 : 1);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("switchboard: " + e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Plays them on a bus of their own.
     *
     * @param vendor its name, or several with commas in between
     * @param routes the operator's folder of routes
     * @return whether each had the outcome that its scenario says; what differs is printed
     * @throws IllegalArgumentException when the vendor has no scenario
     */
    public static boolean play(String vendor, Optional<Path> routes) throws Exception {
        List<String> vendors = List.of(vendor.split(",", -1));
        List<ContractStage.Play> plays = Scenario.readAll(RouteFolder.read(routes)).stream()
                .filter(scenario -> vendors.contains(scenario.vendor()))
                .map(ContractStage.Play::of)
                .toList();
        if (plays.isEmpty()) {
            throw new IllegalArgumentException("there is no scenario in vendors/" + vendor + "/contract/");
        }
        Path folder = RunningBus.newFolder("contract");
        var settings = ContractStage.settings(folder.resolve("data"), plays);
        routes.ifPresent(dir -> settings.put("switchboard.routes.dir", dir.toString()));
        try (RunningBus bus = RunningBus.launch(folder, settings, BusProgram.once())) {
            bus.awaitStart();
            return play(plays, URI.create(bus.rest().base() + "/messages"));
        } finally {
            plays.forEach(play -> play.vendor().ifPresent(FakeVendor::close));
        }
    }

    private static boolean play(List<ContractStage.Play> plays, URI messages) throws IOException {
        var player = new ContractPlayer(messages, plays);
        int wrong = 0;
        for (ContractStage.Play play : plays) {
            JsonNode outcome = player.outcome(play);
            List<String> differences = ContractPlayer.differences(play, outcome);
            if (!differences.isEmpty()) {
                wrong++;
                System.out.println(play + "\n  " + String.join("\n  ", differences) + "\n" + outcome.toPrettyString());
            }
        }
        System.out.println(plays.size() + " scenarios, " + wrong + " not as they should be");
        return wrong == 0;
    }
}
