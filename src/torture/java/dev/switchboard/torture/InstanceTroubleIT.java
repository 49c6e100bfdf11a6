package dev.switchboard.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.PostgresServer;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three instances on one PostgreSQL, one of which is killed, frozen or cut off. */
@Tag("soak")
class InstanceTroubleIT {

    private static final long SEED = 21;

    @ParameterizedTest
    @EnumSource
    void theOthersTakeOverAndNothingIsLostOrDoubled(InstanceTrouble.What what) throws Exception {
        Path folder = RunningBus.newFolder("instance-" + what);
        try (Stores stores = PostgresServer.start(folder)) {
            Path place = Files.createDirectories(folder.resolve("round"));
            Fault fault = new InstanceTrouble(stores, what, SEED);
            Findings findings = Round.play(new Setup(place, stores.next(place)), List.of(fault), SEED);
            assertThat(findings.wrong()).as("the records in " + folder).isEmpty();
            assertThat(findings.accepted()).isPositive();
        }
    }
}
