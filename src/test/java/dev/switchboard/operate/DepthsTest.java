package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.store.Lanes.Depth;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DepthsTest {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicLong counts = new AtomicLong();
    private long cost;

    private final Depths depths = new Depths(lane -> count(), now::get);

    private Depth count() {
        now.addAndGet(cost);
        return new Depth(counts.incrementAndGet(), null);
    }

    @Test
    void aCountThatCostsNothingIsMadeEachTime() {
        assertThat(depths.of("a/b").count()).isEqualTo(1);
        assertThat(depths.of("a/b").count()).isEqualTo(2);
    }

    @Test
    void aCountThatTookLongIsKeptForTwentyTimesAsLong() {
        cost = 50 * MILLISECOND;
        assertThat(depths.of("a/b").count()).isEqualTo(1);
        assertThat(depths.of("c/d").count()).isEqualTo(2);
        now.addAndGet(900 * MILLISECOND);
        assertThat(depths.of("a/b").count()).isEqualTo(1);
        now.addAndGet(101 * MILLISECOND);
        assertThat(depths.of("a/b").count()).isEqualTo(3);
    }
}
