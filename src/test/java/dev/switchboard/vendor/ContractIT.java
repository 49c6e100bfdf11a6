package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the contract scenarios of all vendors: message in by REST, requests out over real sockets, outcome. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ContractIT {

    private final List<ContractStage.Play> plays = Scenario.readAll(RouteFolder.read(Optional.empty())).stream()
            .map(ContractStage.Play::of)
            .toList();

    private RunningBus bus;
    private ContractPlayer player;

    List<ContractStage.Play> plays() {
        return plays;
    }

    @BeforeAll
    void submitAll() throws IOException {
        Path folder = RunningBus.newFolder("contracts");
        bus = RunningBus.start(folder, ContractStage.settings(folder.resolve("data"), plays));
        player = new ContractPlayer(URI.create(bus.rest().base() + "/messages"), plays);
    }

    @AfterAll
    void stop() {
        bus.close();
        plays.forEach(play -> play.vendor().ifPresent(FakeVendor::close));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plays")
    void theVendorSeesTheseRequestsAndTheMessageHasThisOutcome(ContractStage.Play play) throws IOException {
        JsonNode outcome = player.outcome(play);
        assertThat(ContractPlayer.differences(play, outcome))
                .as("%s%n%s", play, outcome.toPrettyString())
                .isEmpty();
    }

    @Test
    void noTwoScenariosShareAName() {
        assertThat(plays.stream().map(ContractStage.Play::scenario).map(s -> s.vendor() + "/" + s.account()))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }
}
