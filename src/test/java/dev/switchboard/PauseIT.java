package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PauseIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void aLanePausedUntilATimeGoesOnByItself() throws IOException {
        pauseUntilATime(StoreKind.SQLITE);
    }

    @Test
    @Tag("soak")
    void aLanePausedUntilATimeGoesOnByItselfOnPostgresql() throws IOException {
        pauseUntilATime(StoreKind.POSTGRESQL);
    }

    private static void pauseUntilATime(StoreKind store) throws IOException {
        try (var bus = new LaneBus("until", store)) {
            TestLane lane = bus.lane("paused", "rate", "50/s");
            bus.start();
            Instant until = Instant.now().plusSeconds(20);
            lane.pause("{\"reason\":\"lunch\",\"until\":\"" + until + "\"}");
            IntStream.range(0, 20).forEach(i -> lane.submit(lane.send("room-" + i, "x")));
            bus.kill();
            bus.start();
            // a database may need a moment to find out that the owner of the lane is gone
            await("the pause is known")
                    .atMost(LIMIT)
                    .until(() -> lane.view().path("why").asText(), "lunch"::equals);
            assertThat(Instant.now()).as("it has started in time").isBefore(until);
            assertThat(Instant.parse(lane.view().path("until").asText()))
                    .isEqualTo(until.truncatedTo(ChronoUnit.MILLIS));
            assertThat(lane.traffic().count()).isZero();
            lane.awaitEmpty(LIMIT);
            assertThat(Instant.now()).isAfter(until);
            await("the rate is measured")
                    .atMost(LIMIT)
                    .until(() -> lane.view().path("rate").asDouble(), rate -> rate == 2);
            assertThat(lane.view().path("state").asText()).isEqualTo("running");
            assertThat(lane.view().path("limit").asText()).isEqualTo("50/s");
            assertThat(lane.view().has("why")).isFalse();
        }
    }
}
