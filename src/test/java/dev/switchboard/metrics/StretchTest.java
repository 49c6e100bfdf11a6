package dev.switchboard.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StretchTest {

    private static final Stretch BEFORE = new Stretch(10, Map.of("gone", 2.0), 20, 400, 7);
    private static final Stretch AFTER = new Stretch(15, Map.of("gone", 2.0, "refused", 1.0), 26, 1_000, 3);

    @Test
    void whatHappenedSinceIsTheDifferenceOfTheCounts() {
        assertThat(AFTER.since(BEFORE)).isEqualTo(new Stretch(5, Map.of("refused", 1.0), 6, 600, 3));
    }

    @Test
    void stretchesAddUpAndKeepTheGreatestDepth() {
        Stretch both = BEFORE.and(AFTER.since(BEFORE));
        assertThat(both).isEqualTo(new Stretch(15, Map.of("gone", 2.0, "refused", 1.0), 26, 1_000, 7));
    }

    @Test
    void aRingKeepsAnHourOfTenSecondsAndTheNewest() {
        var ring = new Ring(10);
        for (int i = 0; i < 400; i++) {
            ring.add(new Ring.Row(Instant.ofEpochSecond(i), Map.of()));
        }
        assertThat(ring.rows()).hasSize(360);
        assertThat(ring.rows().get(0).until()).isEqualTo(Instant.ofEpochSecond(40));
    }
}
