package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the contract scenarios of all vendors: message in by REST, requests out over real sockets, outcome. */
@QuarkusTest
@QuarkusTestResource(value = ContractStage.class, restrictToAnnotatedClass = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {

    @Plays
    List<ContractStage.Play> plays = List.of();

    @TestHTTPResource("/messages")
    URI messages = URI.create("");

    private @Nullable ContractPlayer player;

    List<ContractStage.Play> plays() {
        return plays;
    }

    @BeforeAll
    void submitAll() {
        player = new ContractPlayer(messages, plays);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plays")
    void theVendorSeesTheseRequestsAndTheMessageHasThisOutcome(ContractStage.Play play) throws IOException {
        JsonNode outcome = Objects.requireNonNull(player).outcome(play);
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
