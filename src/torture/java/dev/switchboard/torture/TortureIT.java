package dev.switchboard.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.PostgresServer;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The short form of {@code ./switchboard torture}: several faults strike one bus before it is looked at, on both stores side by
 * side.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("soak")
class TortureIT {

    private static final long SEED = 17;
    private static final long MILLIS = 1_500;

    @Test
    void nothingIsLostOrDoubledOnSqlite() throws Exception {
        Path folder = RunningBus.newFolder("torture-sqlite");
        try (Stores stores = Stores.sqlite()) {
            var faults = new ArrayList<Fault>(List.of(
                    new KillsAtPoints(
                            List.of(
                                    KillPoint.AFTER_INTAKE_WRITE,
                                    KillPoint.AFTER_LAST_REQUEST_BYTE,
                                    KillPoint.BEFORE_OUTCOME_WRITE,
                                    KillPoint.DURING_RESULTS_FILE,
                                    KillPoint.DURING_OUTBOX),
                            SEED),
                    new RandomKills(1, SEED)));
            for (Trouble trouble : List.of(Trouble.RESET, Trouble.HANG, Trouble.HALF, Trouble.STORM_429)) {
                faults.add(new VendorTrouble(trouble, MILLIS));
            }
            faults.add(new Terminations(1));
            assertClean(stores, folder, faults);
        }
    }

    @Test
    void nothingIsLostOrDoubledOnPostgresql() throws Exception {
        Path folder = RunningBus.newFolder("torture-postgresql");
        try (Stores stores = PostgresServer.start(folder)) {
            assertClean(
                    stores,
                    folder,
                    List.of(
                            new KillsAtPoints(
                                    List.of(
                                            KillPoint.AFTER_CLAIM,
                                            KillPoint.BEFORE_CONNECT,
                                            KillPoint.AFTER_OUTCOME_WRITE),
                                    SEED),
                            new RandomKills(1, SEED),
                            new PostgresDown(stores, 1)));
        }
    }

    private static void assertClean(Stores stores, Path folder, List<Fault> faults) throws Exception {
        Path place = Files.createDirectories(folder.resolve("round"));
        Findings findings = Round.play(new Setup(place, stores.next(place)), faults, SEED);
        assertThat(findings.wrong()).as("the records in " + folder).isEmpty();
        assertThat(findings.accepted()).isPositive();
        assertWrittenDown(place);
    }

    private static void assertWrittenDown(Path place) throws IOException {
        for (String record : List.of("client.log", "vendor.log")) {
            assertThat(Files.readAllLines(place.resolve(record))).isNotEmpty();
        }
    }
}
